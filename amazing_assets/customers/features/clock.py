"""When a customer is active: hours, days, weekdays, holidays."""

from __future__ import annotations

import math
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.columns import TIMES_OF_DAY, WEEKDAYS
from amazing_assets.customers.features.history import (
    EVENTS,
    History,
    each_window,
    over_history,
    share,
    sums,
)
from amazing_assets.customers.features.modes import most_frequent
from amazing_assets.dates import HISTORY, WINDOWS, window_start

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.customers.calendar import Calendar

_HOURS_A_PART = 24 // len(TIMES_OF_DAY)
_SATURDAY = 6


def clock(history: History) -> pl.LazyFrame:
    """Return the hours, weekdays and calendar days on which a customer is active."""
    local = history.local("quarter_hour")
    hours = history.once(_by(history, local.dt.hour().alias("hour")))
    days = history.once(_by(history, local.dt.date().alias("day")))
    shares = (
        hours.group_by("user_id")
        .agg(each_window(_shares_of_hours))
        .join(_over_days(days, history), on="user_id", how="left")
    )
    part, weekday = pl.col("hour") // _HOURS_A_PART, pl.col("day").dt.weekday() - 1
    time = _most_active(hours, part.alias("part"), TIMES_OF_DAY, "most_active_time")
    day = _most_active(days, weekday.alias("weekday"), WEEKDAYS, "most_active_day")
    return shares.join(time, on="user_id", how="left").join(day, on="user_id", how="left")


def _by(history: History, moment: pl.Expr) -> pl.LazyFrame:
    """One row per customer and something that the local clock or calendar shows."""
    rows = history.marked(history.sessions, "quarter_hour")
    return rows.group_by("user_id", moment).agg(
        pl.col("last_event_at").max(), *sums(events=EVENTS, purchases=pl.col("purchases"))
    )


def _most_active(
    rows: pl.LazyFrame, value: pl.Expr, names: tuple[str, ...], name: str
) -> pl.LazyFrame:
    number = value.meta.output_name()
    counted = rows.group_by("user_id", value).agg(
        over_history("events").sum().alias("events"),
        over_history("purchases").sum().alias("purchases"),
        pl.col("last_event_at").max(),
    )
    named = pl.col(number).replace_strict(range(len(names)), names, return_dtype=pl.String)
    return most_frequent(counted, number).select("user_id", named.alias(name))


def _shares_of_hours(window: str) -> dict[str, pl.Expr]:
    angle = pl.col("hour").cast(pl.Float64) * (2 * math.pi / 24)
    of_events = partial(_mean, pl.col(f"events{window}"))
    return {
        "hour_sin": of_events(angle.sin()),
        "hour_cos": of_events(angle.cos()),
        "night_share": of_events(pl.col("hour") < _HOURS_A_PART),
    }


def _over_days(days: pl.LazyFrame, history: History) -> pl.LazyFrame:
    chances = _chances(history.as_of, history.calendar).lazy()

    def measures(window: str) -> dict[str, pl.Expr]:
        events, purchases = pl.col(f"events{window}"), pl.col(f"purchases{window}")
        of_events = partial(_mean, events)
        return {
            "days_active": (events > 0).sum().cast(pl.Int32),
            "purchase_days": (purchases > 0).sum().cast(pl.Int32),
            "weekend_share": of_events(pl.col("day").dt.weekday() >= _SATURDAY),
            "holiday_share": of_events(pl.col("is_calendar_day")),
        }

    return (
        days.join(chances.select("day", "is_calendar_day"), on="day", how="left")
        .group_by("user_id")
        .agg(pl.col("day").min(), *each_window(measures))
        .join(chances.drop("is_calendar_day"), on="day", how="left")
        .with_columns(each_window(_lift))
        .drop("day", "^calendar_chance_.*$")
    )


def _mean(events: pl.Expr, values: pl.Expr) -> pl.Expr:
    return share((values * events).sum(), events.sum())


def _chances(as_of: date, calendar: Calendar) -> pl.DataFrame:
    """The days of the history: whether one is in the calendar, and what share of the rest is.

    The rest are the days on which a customer could be active who was first seen on that day.
    """
    # West of Greenwich the history begins on the evening before, east of it it ends a day later.
    first = window_start(as_of, HISTORY) - timedelta(days=1)
    days = pl.DataFrame({"day": pl.date_range(first, as_of, eager=True)})
    in_calendar = pl.Series(calendar.days(first, as_of), dtype=pl.Date).implode()
    could_be_active = pl.col("day") < as_of

    def chance(months: int) -> pl.Expr:
        inside = could_be_active & (pl.col("day") >= window_start(as_of, months))
        found = (inside & pl.col("is_calendar_day")).cast(pl.Int64).cum_sum(reverse=True)
        possible = inside.cast(pl.Int64).cum_sum(reverse=True)
        return share(found, possible).alias(f"calendar_chance_{months}m")

    return days.with_columns(is_calendar_day=pl.col("day").is_in(in_calendar)).with_columns(
        chance(months) for months in WINDOWS
    )


def _lift(window: str) -> dict[str, pl.Expr]:
    observed, expected = pl.col(f"holiday_share{window}"), pl.col(f"calendar_chance{window}")
    return {"holiday_lift": share(observed, expected)}
