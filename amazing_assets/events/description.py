"""A month's descriptive analysis from the lake, compared with the month before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.dates import add_months, first_day, month_of
from amazing_assets.events.statistics import add_up, describe_month, shard_statistics

if TYPE_CHECKING:
    import polars as pl

    from amazing_assets.lake.table import Lake


def describe(lake: Lake, month: str) -> pl.DataFrame:
    """Return `EventStatistics` of a month.

    The month before is counted anew, not read from the warehouse: what is found then depends on the
    lake alone, and not on which of two months was described first.
    """
    before = month_of(add_months(first_day(month), -1))
    is_known = before in lake.months("clean_events")
    return _described(lake, month, _described(lake, before, None) if is_known else None)


def _described(lake: Lake, month: str, before: pl.DataFrame | None) -> pl.DataFrame:
    parts = lake.engine.map(
        lambda shard: shard_statistics(
            lake.shard("clean_events", shard, month), lake.shard("raw_events", shard, month)
        ),
        range(lake.shards),
    )
    return describe_month(add_up(parts), lake.scan("rejected_events", month), month, before)
