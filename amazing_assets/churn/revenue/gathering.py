"""Buyers of past weeks out of the lake, with what they spent after: a shard at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.cadence import WEEKLY
from amazing_assets.churn.drawing import drawn_number, is_below
from amazing_assets.churn.outcomes import VALUE_DAYS, Task, outcomes_after
from amazing_assets.churn.revenue.hurdle import FEATURES
from amazing_assets.churn.risk.gathering import VIEW, VISITS, bought_before
from amazing_assets.churn.risk.origins import MOST_SLICES, mature
from amazing_assets.dates import (
    HISTORY,
    WEEK,
    add_months,
    first_day,
    month_of,
    months_between,
    week_ending,
    window_start,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amazing_assets.lake.shard import Shard
    from amazing_assets.lake.table import Lake

# What is foretold, as weeks that mature know it.
VALUE = Task("value", VALUE_DAYS, is_event=True, next_days="days_to_purchase")

# Twelve weeks to fit on, eight until they are known, eight more that calibrate until they are.
_MOST_DATES = MOST_SLICES + 2 * VALUE_DAYS // WEEK.days

# So many rows of past weeks are read at most; of a larger shop some customers are drawn.
MOST_ROWS = 400_000


def dates_before(lake: Lake, as_of: date) -> tuple[date, ...]:
    """Return the past reference dates of which it is known what was spent after, oldest first."""
    months = lake.months("clean_events")
    if not months:
        return ()
    # Before it nothing is known of how customers buy.
    earliest = add_months(first_day(months[0]), 1)
    ends = [WEEKLY.as_of(week) for week in lake.partitions(VIEW, WEEKLY)]
    known = mature([day for day in ends if day >= earliest], VALUE, as_of)
    return tuple(day for day in known if lake.is_current(VIEW, week_ending(day)))[-_MOST_DATES:]


def gather(
    lake: Lake, dates: Sequence[date], most_rows: int = MOST_ROWS
) -> dict[date, pl.DataFrame]:
    """Return the buyers of past reference dates, with what they bought before and spent after.

    Args:
        lake: Where views and visits are.
        dates: Of `dates_before`.
        most_rows: About so many rows in all.
    """
    if not dates:
        return {}
    newest = buyers(lake, dates[-1]).height
    share = min(1.0, most_rows / max(1, newest * len(dates)))
    task = _BuyersOfShard(tuple(dates), lake.months(VISITS), share, with_outcome=True)
    parts = list(lake.map(task))
    return {day: pl.concat([part[day] for part in parts]).sort("user_id") for day in dates}


def buyers(lake: Lake, as_of: date) -> pl.DataFrame:
    """Return the buyers of the history of one reference date, with what is read of them."""
    task = _BuyersOfShard((as_of,), lake.months(VISITS), 1.0, with_outcome=False)
    return pl.concat([part[as_of] for part in lake.map(task)]).sort("user_id")


@dataclass(frozen=True)
class _BuyersOfShard:
    """What makes the buyers of past weeks of a shard, wherever it runs."""

    dates: tuple[date, ...]
    months: tuple[str, ...]
    share: float
    with_outcome: bool

    def __call__(self, shard: Shard) -> dict[date, pl.DataFrame]:
        return {day: self._buyers(shard, day) for day in self.dates}

    def _buyers(self, shard: Shard, day: date) -> pl.DataFrame:
        last = month_of(day + VALUE_DAYS * (WEEK / WEEK.days) if self.with_outcome else day)
        wanted = months_between(month_of(window_start(day, HISTORY)), last)
        visits = shard.scan(VISITS, *(month for month in self.months if month in wanted))
        if self.share < 1:
            drawn = drawn_number(pl.col("user_id"), pl.lit("value"))
            visits = visits.filter(is_below(drawn, self.share))
        view = shard.scan(VIEW, week_ending(day)).select("user_id", "market", *FEATURES)
        found = bought_before(visits, day).join(view, on="user_id", how="inner")
        if self.with_outcome:
            later = outcomes_after(visits, day).select(
                "user_id", "later_purchases", "later_revenue"
            )
            found = found.join(later, on="user_id", how="left").with_columns(
                pl.col("later_purchases").cast(pl.Float64).fill_null(0),
                pl.col("later_revenue").fill_null(0.0),
            )
        return found.collect()
