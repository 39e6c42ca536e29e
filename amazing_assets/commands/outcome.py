"""What a run came to, as rows that a terminal or a program can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.overview import overview
from amazing_assets.dates import first_day
from amazing_assets.warehouse.warehouse import read_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.lake.table import Lake
    from amazing_assets.warehouse.warehouse import Warehouse

Rows = list[dict[str, object]]


def months_outcome(lake: Lake, months: Sequence[str]) -> Rows:
    """Return rows and customers of the months that went through to the summaries."""
    done = [month for month in months if month in lake.months("sessions")]
    return [overview(lake, month)._asdict() for month in done]


def segments_outcome(warehouse: Warehouse, months: Sequence[str]) -> Rows:
    """Return each segment of the last month that has assignments, the largest first."""
    for month in reversed(months):
        assignments = read_month(warehouse, "segment_assignments", first_day(month))
        if assignments is not None:
            return _sizes(assignments, month)
    return []


def _sizes(assignments: pl.DataFrame, month: str) -> Rows:
    named = pl.coalesce(
        pl.when(pl.col("reason").is_not_null()).then(pl.format("({})", "reason")), "segment_name"
    )
    return (
        assignments.group_by(named.alias("segment"))
        .agg(pl.len().alias("customers"), pl.col("margin").mean().alias("mean_margin"))
        .with_columns(share=pl.col("customers") / pl.col("customers").sum(), month=pl.lit(month))
        .sort(pl.col("segment").str.starts_with("("), -pl.col("customers").cast(pl.Int64))
        .select("month", "segment", "customers", "share", "mean_margin")
        .to_dicts()
    )
