"""The monthly descriptive analysis: whole numbers counted shard by shard, then figures.

A shard holds whole customers, so counts of customers and sessions add up over shards. What does
not add up, as quantiles, is carried as counts of distinct values.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.dates import add_months, first_day, month_of
from amazing_assets.events.contract import TOPICS, EventStatistics
from amazing_assets.events.statistics.anomalies import missing_days, outages, spikes
from amazing_assets.events.statistics.caveats import caveats, changes
from amazing_assets.events.statistics.counts import TOTALS, count_shard
from amazing_assets.events.statistics.figures import days, slots
from amazing_assets.events.statistics.topics import usual_topics
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.shard import Query

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    parts = lake.map(Query(shard_statistics, ("clean_events", "raw_events"), (month,)))
    return describe_month(add_up(parts), lake.scan("rejected_events", month), month, before)


def shard_statistics(clean: pl.LazyFrame, raw: pl.LazyFrame) -> pl.DataFrame:
    """Return the counts of one shard and month, for `add_up`.

    Args:
        clean: `CleanEvents` of whole customers.
        raw: `RawEvents` of the same customers.

    Returns:
        Columns of `TOTALS`; the order of rows means nothing.
    """
    # The streaming engine takes half the time of the other.
    parts = pl.collect_all(count_shard(clean, raw), engine="streaming")
    return pl.concat(parts).filter(pl.col("count") != 0)


def add_up(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the counts of all parts together, holding one part at a time."""
    return reduce(_plus, parts, pl.DataFrame(schema=TOTALS))


def describe_month(
    totals: pl.DataFrame, rejected: pl.LazyFrame, month: str, before: pl.DataFrame | None
) -> pl.DataFrame:
    """Return the analysis of a month.

    Args:
        totals: What `add_up` made of all shards of the month.
        rejected: `RejectedEvents` of the month.
        month: As `2019-10`.
        before: `EventStatistics` that include the month before; if they do not, or None, there
            is nothing to compare with.

    Returns:
        `EventStatistics`, topic by topic.
    """
    reasons = rejected.group_by("reason").agg(rows=pl.len()).collect()
    by_slot = slots(totals, month)
    daily = days(totals, by_slot)
    anomalies = [outages(by_slot), missing_days(daily), spikes(daily)]
    figures = pl.concat([*usual_topics(totals, by_slot, daily, reasons), *anomalies])
    compared = [changes(figures, month, before), caveats(totals, figures, month, before)]
    rank = pl.col("topic").replace_strict(TOPICS, range(len(TOPICS)), return_dtype=pl.Int8)
    return (
        pl.concat([figures, *compared])
        .sort(rank, maintain_order=True)
        .with_columns(month=pl.lit(first_day(month)))
        .select(schema_of(EventStatistics).names())
    )


def _plus(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    keys = [name for name in TOTALS if name != "count"]
    return pl.concat([first, second]).group_by(keys).agg(pl.col("count").sum())
