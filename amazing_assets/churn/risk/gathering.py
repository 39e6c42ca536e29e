"""Past weeks out of the lake, with what customers did after them: a shard at a time.

Of a large shop some customers are drawn, the same ones in every week, so that memory is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.cadence import WEEKLY
from amazing_assets.churn.drawing import drawn_number, is_below
from amazing_assets.churn.outcomes import TASKS, months_after, outcomes_after, population
from amazing_assets.churn.risk.features import view_features
from amazing_assets.churn.value.purchases import summarise_purchases
from amazing_assets.dates import (
    HISTORY,
    first_day,
    month_of,
    months_between,
    week_ending,
    window_start,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from amazing_assets.lake.shard import Shard
    from amazing_assets.lake.table import Lake

VIEW, VISITS = "customer_view", "sessions"

# Events of the history from which on a customer's habits are known.
FEWEST_EVENTS = 5

# What happened before must be known as long as what is asked about lies ahead.
_FEWEST_DAYS_KNOWN = timedelta(days=min(task.horizon_days for task in TASKS))

# A model is fitted on twelve weeks, whose outcomes take eight, as those of the week that
# calibrates do; five weeks are tested.
MOST_DATES = 36

_OF_A_VISIT = ("user_id", "quarter_hour", "purchases", "purchase_cents", "priced_purchases")


class Gathered(NamedTuple):
    """What a training learns from, known at its reference date.

    Attributes:
        by_date: Of each past reference date the customers whom any task asks about: `user_id`, what
            models read of the view, and `outcomes_after`.
        bought: Of the same dates `summarise_purchases` of everybody.
        as_of: The reference date of the training: what happened from it on is not known.
        version: Of the features.
    """

    by_date: Mapping[date, pl.DataFrame]
    bought: Mapping[date, pl.DataFrame]
    as_of: date
    version: str


def dates_before(lake: Lake, as_of: date) -> tuple[date, ...]:
    """Return the past reference dates of which outcomes may be known, oldest first."""
    events = lake.months("clean_events")
    if not events:
        return ()
    earliest = first_day(events[0]) + _FEWEST_DAYS_KNOWN
    latest = as_of - min(timedelta(days=task.horizon_days) for task in TASKS)
    ends = (WEEKLY.as_of(week) for week in lake.partitions(VIEW, WEEKLY))
    return tuple(day for day in ends if earliest <= day <= latest)[-MOST_DATES:]


def gather(lake: Lake, as_of: date, version: str, most_rows: int) -> Gathered:
    """Return past weeks with what customers did after them.

    Args:
        lake: Where views and visits are.
        as_of: The reference date of the training.
        version: Of the features; weeks of another are left out.
        most_rows: About so many rows of the view are read; of more, some customers are drawn.
    """
    dates = tuple(
        day for day in dates_before(lake, as_of) if lake.is_current(VIEW, week_ending(day))
    )
    return gather_dates(lake, dates, as_of, version, most_rows)


def gather_dates(
    lake: Lake, dates: Sequence[date], as_of: date, version: str, most_rows: int
) -> Gathered:
    """Return the same of some reference dates, oldest first, whose views the lake has."""
    if not dates:
        return Gathered({}, {}, as_of, version)
    newest = lake.scan(VIEW, week_ending(dates[-1])).select(pl.len()).collect().item()
    share = min(1.0, most_rows / max(1, newest * len(dates)))
    found = list(lake.map(_SlicesOfShard(tuple(dates), lake.months(VISITS), version, share)))
    return Gathered(
        {day: pl.concat([part[day].asked for part in found]) for day in dates},
        {day: pl.concat([part[day].bought for part in found]) for day in dates},
        as_of,
        version,
    )


class _Slice(NamedTuple):
    asked: pl.DataFrame
    bought: pl.DataFrame


@dataclass(frozen=True)
class _SlicesOfShard:
    """What makes the past weeks of a shard's customers, wherever it runs."""

    dates: tuple[date, ...]
    months: tuple[str, ...]
    version: str
    share: float

    def __call__(self, shard: Shard) -> dict[date, _Slice]:
        wanted = {month for day in self.dates for month in _months_around(day)}
        months = [month for month in self.months if month in wanted]
        visits = shard.scan(VISITS, *months).filter(self._is_drawn).select(_OF_A_VISIT).collect()
        return {day: self._slice(shard, visits.lazy(), day) for day in self.dates}

    def _slice(self, shard: Shard, visits: pl.LazyFrame, day: date) -> _Slice:
        view = (
            shard.scan(VIEW, week_ending(day))
            .filter(pl.col("feature_version") == self.version, self._is_drawn, is_asked())
            .select("user_id", *view_features())
        )
        asked = view.join(outcomes_after(visits, day), on="user_id", how="left").collect()
        return _Slice(asked.sort("user_id"), bought_before(visits, day).collect().sort("user_id"))

    @property
    def _is_drawn(self) -> pl.Expr:
        if self.share >= 1:
            return pl.lit(value=True)
        return is_below(drawn_number(pl.col("user_id"), pl.lit("risk")), self.share)


def is_asked() -> pl.Expr:
    """Whether any task asks about a customer of the view."""
    return pl.any_horizontal(population(task.name, FEWEST_EVENTS) for task in TASKS)


def bought_before(visits: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Return `summarise_purchases` of the history of a reference date."""
    day = pl.col("quarter_hour").dt.date()
    is_history = (day >= window_start(as_of, HISTORY)) & (day < pl.lit(as_of))
    return summarise_purchases(visits.filter(is_history), as_of)


def history_months(as_of: date, known: Iterable[str]) -> list[str]:
    """Return the months of visits in the history of a reference date, as far as they are known."""
    wanted = months_between(
        month_of(window_start(as_of, HISTORY)), month_of(as_of - timedelta(days=1))
    )
    return [month for month in known if month in wanted]


def _months_around(as_of: date) -> tuple[str, ...]:
    history = months_between(month_of(window_start(as_of, HISTORY)), month_of(as_of))
    return (*history, *months_after(as_of))
