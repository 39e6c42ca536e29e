"""The threshold experiment on the lake's latest month, also before there is any champion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.lake.storage import LakeError
from amazing_assets.segments.behaviour.columns import MissingColumnsError, require_columns
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.settings import SEED, SegmentSettings
from amazing_assets.segments.threshold.experiment import CUSTOMERS, experiment, not_run
from amazing_assets.segments.threshold.retest import watch

if TYPE_CHECKING:
    from amazing_assets.lake.table import Lake
    from amazing_assets.progress import Progress

# The model that only the experiment sees: any reasonable segments will do, and a full search would
# take as long as the one that follows.
QUICK = SegmentSettings(
    families=("gmm_tied", "kmeans"),
    splits=2,
    restarts=6,
    sweep_rows=5_000,
    resamples=5,
    seeds=2,
    finalists=2,
    folds=2,
)


def tried_threshold(
    lake: Lake, champion: SegmentModel | None, progress: Progress, customers: int = CUSTOMERS
) -> pl.DataFrame:
    """Return `EventThreshold` of the latest month.

    The champion places the customers. Where there is none, or only the fallback, a quick model is
    fitted at the default threshold; the model that is trained next uses what was found with it.

    Raises:
        LakeError: The lake has no features yet.
    """
    months = lake.months("user_features")
    if not months:
        raise LakeError("The lake has no user_features yet; materialize a month of them first.")
    features = lake.scan("user_features", months[-1])
    as_of = features.select(pl.col("as_of").max()).collect().item()
    model = usable(champion, features) or SegmentModel.fit(
        features.collect(), QUICK, seed=SEED, progress=progress
    )
    if model.alert:
        return not_run(model.alert, as_of, model.version)
    try:
        watched = watch(lake, months[-1], customers, SEED)
    except LakeError as error:
        progress(0, 1, f"the threshold is not tried: {error}")
        return not_run("visits_missing", as_of, model.version)
    people = features.filter(~pl.col("is_bot_suspect"))
    population = people.select("n_events_history", "total_purchase_value").collect()
    return experiment(model, watched, population, as_of, SEED)


def usable(champion: SegmentModel | None, features: pl.LazyFrame) -> SegmentModel | None:
    """Return the champion if it has segments and these features are what it reads."""
    if champion is None or champion.alert:
        return None
    try:
        require_columns(pl.DataFrame(schema=features.collect_schema()), champion.columns)
    except MissingColumnsError:
        return None
    return champion
