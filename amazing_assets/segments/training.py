"""From the lake's features to a fitted model."""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from amazing_assets.dates import as_of, first_day
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets.segments.model import FIT_COLUMNS, Before, SegmentModel
from amazing_assets.segments.population import eligible
from amazing_assets.segments.rfm import RFM, RFM_GROUPS, RfmView
from amazing_assets.segments.settings import Progress, SegmentSettings

# One seed for every training, so that the same features make the same model.
SEED = 0

# Four whole weeks of later revenue, so that no weekday counts more.
HORIZON = timedelta(days=28)


def train(lake: Lake, progress: Progress, settings: SegmentSettings | None = None) -> SegmentModel:
    """Return the model fitted on the latest month's features, proved on those of the month before.

    Raises:
        LakeError: The lake has no features yet.
    """
    months = lake.months("user_features")
    if not months:
        raise LakeError("The lake has no user_features yet; materialize a month of them first.")
    features = lake.scan("user_features", months[-1]).collect()
    before = month_before(lake, months)
    return SegmentModel.fit(features, settings, seed=SEED, progress=progress, before=before)


def month_before(lake: Lake, months: Sequence[str]) -> Before | None:
    """Return the features of the month before the last, and what was spent in the 28 days after.

    None if the lake has none: then stability in time is not measured, and the model says so.
    """
    if len(months) < 2 or as_of(months[-2]) != first_day(months[-1]):  # noqa: PLR2004 - two months
        return None
    features = load_columns(lake, months[-2], FIT_COLUMNS)
    if months[-1] not in lake.months("clean_events"):
        return Before(features)
    until = first_day(months[-1]) + HORIZON
    bought = lake.scan("clean_events", months[-1]).filter(
        pl.col("event_type") == "purchase", pl.col("event_time").dt.date() < until
    )
    revenue = bought.group_by("user_id").agg(revenue=pl.col("price_cents").sum() / 100)
    return Before(features, revenue.collect(engine="streaming"))


def assign_by_baseline(features: pl.DataFrame, event_threshold: int) -> pl.DataFrame:
    """Return `user_id` and `segment` of every eligible customer by the RFM grid of the same day."""
    customers, view = eligible(features, event_threshold), RfmView()
    matrix = view.matrix(customers)
    labels = RFM.fit(matrix, RFM_GROUPS, SEED, 1).partition.assign(matrix).labels
    return customers.select("user_id", pl.Series("segment", labels))


def load_columns(lake: Lake, month: str, columns: Sequence[str]) -> pl.DataFrame:
    """Return the columns of a month's features that a model reads, as far as they exist."""
    features = lake.scan("user_features", month)
    known = features.collect_schema().names()
    return features.select(name for name in columns if name in known).collect()
