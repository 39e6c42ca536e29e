"""What the lake has for a training: the customers of today, of a month ago, and of the champion."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import polars as pl
import polars.selectors as cs

from amazing_assets.dates import as_of, first_day, month_of
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets.segments.behaviour.columns import load_columns
from amazing_assets.segments.behaviour.population import eligible, reason
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.past import Before
from amazing_assets.segments.search.settings import FIT_COLUMNS, SEED
from amazing_assets.segments.visits.chance import Chance, chance

# Four whole weeks of later revenue, so that no weekday counts more.
HORIZON = timedelta(days=28)

# Of a feature's value: more than any segment is told apart by.
DIGITS = 6


class Material(NamedTuple):
    """What a model is fitted on, and what it is compared with the champion by.

    Attributes:
        features: Of `UserFeatures` of the latest month, the columns that a fit reads.
        before: The month before that, and what customers then spent; None: not known.
        chance: Some of them by their visits; None: nobody can be segmented.
        fitted_on: `user_id` of the customers that the champion was fitted on; None: not known,
            then the customers of the latest month count.
    """

    features: pl.DataFrame
    before: Before | None = None
    fitted_on: pl.DataFrame | None = None
    chance: Chance | None = None


def gather(lake: Lake, champion: SegmentModel | None, event_threshold: int) -> Material:
    """Return what the lake has for a model that may replace the champion.

    Raises:
        LakeError: The lake has no features yet.
    """
    months = lake.months("user_features")
    if not months:
        raise LakeError("The lake has no user_features yet; materialize a month of them first.")
    features = rounded(lake, months[-1])
    people = eligible(features, event_threshold)
    return Material(
        features,
        month_before(lake, months),
        fitted_on(lake, champion),
        None if people.is_empty() else chance(lake, months[-1], people, SEED),
    )


def rounded(lake: Lake, month: str) -> pl.DataFrame:
    """Return the columns that a fit reads, to six digits.

    Fractions that are added up in another order, as by other threads or by the workers of a
    cluster, differ in their last digits: of the same events that put 31 of 2,318 customers into
    other segments.
    """
    # The fit reads some 30 of 195 columns: all of them are 7 GB of 5 million customers.
    features = load_columns(lake, month, FIT_COLUMNS)
    return features.with_columns(cs.float().round_sig_figs(DIGITS))


def fitted_on(lake: Lake, champion: SegmentModel | None) -> pl.DataFrame | None:
    """Return the `user_id` of the customers the champion was fitted on; None if they are gone."""
    known = champion.provenance.last_date if champion else None
    if champion is None or known is None:
        return None
    month = month_of(known - timedelta(days=1))
    if month not in lake.months("user_features"):
        return None
    claimed = lake.scan("user_features", month).filter(reason(champion.threshold).is_null())
    return claimed.select("user_id").collect()


def month_before(lake: Lake, months: Sequence[str]) -> Before | None:
    """Return the features of the month before the last, and what was spent in the 28 days after.

    None if the lake has none: then stability in time is not measured, and the model says so.
    """
    if len(months) < 2 or as_of(months[-2]) != first_day(months[-1]):  # noqa: PLR2004 - two months
        return None
    features = rounded(lake, months[-2])
    if months[-1] not in lake.months("clean_events"):
        return Before(features)
    until = first_day(months[-1]) + HORIZON
    bought = lake.scan("clean_events", months[-1]).filter(
        pl.col("event_type") == "purchase", pl.col("event_time").dt.date() < until
    )
    revenue = bought.group_by("user_id").agg(revenue=pl.col("price_cents").sum() / 100)
    return Before(features, revenue.collect(engine="streaming"))
