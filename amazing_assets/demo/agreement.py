"""How far segments agree with the personas that were planted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl
from sklearn.metrics import adjusted_rand_score

from amazing_assets.dates import first_day
from amazing_assets.pseudonym import pseudonyms
from amazing_assets.segments.behaviour.population import eligible
from amazing_assets.segments.behaviour.representations import RfmRepresentation
from amazing_assets.segments.clustering.rfm import RFM, RFM_GROUPS
from amazing_assets.segments.search.settings import SEED
from amazing_assets.small_cells import SMALLEST_CELL
from amazing_assets.warehouse.warehouse import Warehouse, read_month

if TYPE_CHECKING:
    from pathlib import Path

    from amazing_assets.lake.table import Lake


def assign_by_baseline(features: pl.DataFrame, event_threshold: int) -> pl.DataFrame:
    """Return `user_id` and `segment` of every eligible customer by the RFM grid of the same day."""
    customers, representation = eligible(features, event_threshold), RfmRepresentation()
    matrix = representation.matrix(customers)
    labels = RFM.fit(matrix, RFM_GROUPS, SEED, 1).clustering.assign(matrix).labels
    return customers.select("user_id", pl.Series("segment", labels))


class Agreement(NamedTuple):
    """Adjusted Rand index between segments and personas: 1 the same groups, 0 chance.

    Attributes:
        adjusted_rand_index: None of fewer than 20 customers.
        population: On whom it was measured.
        customers: How many they are; None if fewer than 20.
    """

    segments: str
    adjusted_rand_index: float | None
    customers: int | None
    population: str


def agreements(
    truth: Path, lake: Lake, warehouse: Warehouse, month: str, key: str
) -> list[dict[str, object]]:
    """Return the agreement of a month's segments and, beside it, of the RFM baseline."""
    assignments = read_month(warehouse, "segment_assignments", first_day(month))
    if assignments is None:
        return []
    # The same customers, whatever the model's threshold.
    placed = assignments.drop_nulls("segment").select("user_id")
    features = lake.scan("user_features", month).collect().join(placed, on="user_id", how="semi")
    if features.is_empty():
        return [agreement(truth, assignments, key)._asdict()]
    baseline = assign_by_baseline(features, event_threshold=0)
    return [
        agreement(truth, assignments, key)._asdict(),
        agreement(truth, baseline, key, "RFM grid (baseline)")._asdict(),
    ]


def agreement(
    truth: Path, assignments: pl.DataFrame, key: str, segments: str = "segment model"
) -> Agreement:
    """Compare segments with the truth of a generated world.

    Args:
        truth: The world's `customers.parquet`.
        assignments: Columns `user_id` (pseudonym) and `segment`, null where there is none.
        key: The pseudonym key.
        segments: What made them.
    """
    planted = pl.read_parquet(truth).filter(~pl.col("is_bot")).select("user_id", "persona")
    known = planted.join(pseudonyms(planted["user_id"], key), on="user_id")
    both = (
        known.select("pseudonym", "persona")
        .join(assignments, left_on="pseudonym", right_on="user_id")
        .drop_nulls("segment")
    )
    population = "customers with a segment, bots left out"
    if both.height < SMALLEST_CELL:
        return Agreement(segments, None, None, population)
    index = float(adjusted_rand_score(both["persona"], both["segment"]))
    return Agreement(segments, index, both.height, population)
