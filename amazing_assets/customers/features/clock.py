"""When a customer is active: hours, weekdays, holidays."""

from __future__ import annotations

import math
from datetime import timedelta

import polars as pl

from amazing_assets.customers.calendar import calendar_days
from amazing_assets.customers.columns import TIMES_OF_DAY, WEEKDAYS
from amazing_assets.customers.features.history import (
    EVENTS,
    History,
    days_before,
    each_window,
    share,
)
from amazing_assets.customers.features.modes import most_frequent
from amazing_assets.dates import HISTORY, WINDOWS, window_start

_HOURS_A_PART = 24 // len(TIMES_OF_DAY)
_SATURDAY = 6


def clock(history: History) -> pl.LazyFrame:
    """Return the hours, weekdays and calendar days on which a customer is active."""
    local = history.local("quarter_hour")
    hours = history.sessions.select(
        "user_id",
        "quarter_hour",
        "first_event_at",
        "last_event_at",
        "purchases",
        EVENTS.alias("events"),
        local.dt.hour().alias("hour"),
        (local.dt.hour() // _HOURS_A_PART).alias("part"),
        (local.dt.weekday() - 1).alias("weekday"),
        local.dt.date().is_in(_calendar(history)).alias("is_calendar_day"),
        history.local("first_event_at").dt.date().alias("first_day"),
    )
    time = most_frequent(hours, "part").select(
        "user_id", most_active_time=_named("part", TIMES_OF_DAY)
    )
    day = most_frequent(hours, "weekday").select(
        "user_id", most_active_day=_named("weekday", WEEKDAYS)
    )
    shares = hours.group_by("user_id").agg(
        pl.col("first_day").min(),
        *history.over_windows("quarter_hour", _shares),
    )
    return (
        shares.with_columns(_chances(history))
        .with_columns(each_window(_lift))
        .drop("first_day", "^calendar_chance_.*$")
        .join(time, on="user_id", how="left")
        .join(day, on="user_id", how="left")
    )


def _calendar(history: History) -> pl.Series:
    # West of Greenwich the history begins on the evening before, east of it it ends a day later.
    first = window_start(history.as_of, HISTORY) - timedelta(days=1)
    return pl.Series(calendar_days(first, history.as_of), dtype=pl.Date).implode()


def _named(column: str, names: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).replace_strict(range(len(names)), names, return_dtype=pl.String)


def _shares(inside: pl.Expr) -> dict[str, pl.Expr]:
    events, hour = pl.col("events").filter(inside), pl.col("hour")
    angle = hour.cast(pl.Float64) * (2 * math.pi / 24)

    def mean_of(values: pl.Expr) -> pl.Expr:
        return share((values.filter(inside) * events).sum(), events.sum())

    return {
        "hour_sin": mean_of(angle.sin()),
        "hour_cos": mean_of(angle.cos()),
        "weekend_share": mean_of(pl.col("weekday") >= _SATURDAY - 1),
        "night_share": mean_of(pl.col("part") == 0),
        "holiday_share": mean_of(pl.col("is_calendar_day")),
    }


def _chances(history: History) -> list[pl.Expr]:
    """The share of calendar days in the days on which a customer could be active."""
    days = calendar_days(window_start(history.as_of, HISTORY), history.as_of)

    def chance(months: int) -> pl.Expr:
        start = pl.max_horizontal("first_day", pl.lit(window_start(history.as_of, months)))
        possible = [(pl.lit(day) >= start).cast(pl.Int64) for day in days if day < history.as_of]
        found = pl.sum_horizontal(pl.lit(0, pl.Int64), *possible)
        return share(found, days_before(start.cast(pl.Date), history.as_of))

    return [chance(months).alias(f"calendar_chance_{months}m") for months in WINDOWS]


def _lift(window: str) -> dict[str, pl.Expr]:
    observed, expected = pl.col(f"holiday_share{window}"), pl.col(f"calendar_chance{window}")
    return {"holiday_lift": share(observed, expected)}
