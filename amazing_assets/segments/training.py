"""From the lake's features to a fitted model."""

from collections.abc import Sequence

import polars as pl

from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.population import eligible
from amazing_assets.segments.rfm import RFM, RFM_GROUPS, RfmView
from amazing_assets.segments.settings import Progress, SegmentSettings

# One seed for every training, so that the same features make the same model.
SEED = 0


def train(lake: Lake, progress: Progress, settings: SegmentSettings | None = None) -> SegmentModel:
    """Return the model fitted on the latest month's features.

    Raises:
        LakeError: The lake has no features yet.
    """
    months = lake.months("user_features")
    if not months:
        raise LakeError("The lake has no user_features yet; materialize a month of them first.")
    features = lake.scan("user_features", months[-1]).collect()
    return SegmentModel.fit(features, settings, seed=SEED, progress=progress)


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
