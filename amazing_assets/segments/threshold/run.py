"""The threshold experiment on the lake's latest month, also before there is any champion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.lake.storage import LakeError
from amazing_assets.models.provenance import FeatureVersionError
from amazing_assets.models.tables import UNPUBLISHED, versioned
from amazing_assets.segments.behaviour.columns import (
    MissingColumnsError,
    load_columns,
    require_columns,
)
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.settings import FIT_COLUMNS, SEED, SegmentSettings
from amazing_assets.segments.threshold.contract import EventThreshold
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


class Champion(NamedTuple):
    """The model in use, and its version."""

    model: SegmentModel
    version: str


def tried_threshold(
    lake: Lake, champion: Champion | None, progress: Progress, customers: int = CUSTOMERS
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
    if champion is not None and is_usable(champion.model, features):
        model, version = champion
    else:
        thin = load_columns(lake, months[-1], FIT_COLUMNS)
        model, version = SegmentModel.fit(thin, QUICK, seed=SEED, progress=progress), UNPUBLISHED
    return versioned(tried(lake, model, months[-1], customers, progress), EventThreshold, version)


def tried(
    lake: Lake, model: SegmentModel, month: str, customers: int, progress: Progress
) -> pl.DataFrame:
    """Return what the experiment says with a model, or why it was not run."""
    features = lake.scan("user_features", month)
    as_of = features.select(pl.col("as_of").max()).collect().item()
    if model.alert:
        return not_run(model.alert, as_of)
    try:
        watched = watch(lake, month, customers, SEED)
    except LakeError as error:
        progress(0, 1, f"the threshold is not tried: {error}")
        return not_run("visits_missing", as_of)
    people = features.filter(~pl.col("is_bot_suspect"))
    population = people.select("n_events_history", "total_purchase_value").collect()
    return experiment(model, watched, population, as_of, SEED)


def is_usable(champion: SegmentModel, features: pl.LazyFrame) -> bool:
    """Whether the champion has segments and these features are what it reads."""
    if champion.alert:
        return False
    try:
        require_columns(pl.DataFrame(schema=features.collect_schema()), champion.columns)
        champion.require_version(features.select(pl.col("feature_version").unique()).collect())
    except (MissingColumnsError, FeatureVersionError):
        return False
    return True
