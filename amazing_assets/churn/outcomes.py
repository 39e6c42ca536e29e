"""What customers did after a reference date, and who is asked about: read where models learn.

The states of a customer are told by the days since the last event: active up to 28, paused up to
84, lost beyond. Three outcomes are foretold, each of its own population:

| task | of whom | what happens |
|---|---|---|
| pause | active, on 3 days at least, with enough events | no event in the next 28 days |
| cancel | bought in the 84 days before | no purchase in the next 56 days |
| reactivate | away for 29 to 140 days | an event in the next 28 days |

An outcome is mature once all of its days have landed. What is not is never trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.dates import month_of, months_between

if TYPE_CHECKING:
    from datetime import date

PAUSE, CANCEL, REACTIVATE = "pause", "cancel", "reactivate"

ACTIVE, PAUSED, LOST = "active", "paused", "lost"

# Days since the last event up to which a customer is active, or paused.
ACTIVE_DAYS, PAUSED_DAYS = 28, 84

# Who bought within them may cancel; 84 days are three times the usual gap between purchases.
_BUYER_DAYS = 84

# Beyond it hardly anybody comes back.
_RETURN_DAYS = 140

_FEWEST_DAYS = 3

# Revenue and purchases are told of so many days after the reference date.
VALUE_DAYS = 56


@dataclass(frozen=True)
class Task:
    """Something that customers may do, and that is foretold.

    Attributes:
        name: pause, cancel or reactivate.
        horizon_days: Days from the reference date on within which it happens, or does not.
        is_event: Whether it happens when something is done, not when nothing is.
        next_days: Column of the days until that is done: `days_to_event` or `days_to_purchase`.
    """

    name: str
    horizon_days: int
    is_event: bool
    next_days: str

    @property
    def happens(self) -> pl.Expr:
        """Whether it happened, by the columns of `outcomes_after`."""
        is_done = (pl.col(self.next_days) < self.horizon_days).fill_null(value=False)
        return is_done if self.is_event else ~is_done

    def is_mature(self, as_of: date, data_end: date) -> bool:
        """Whether all days of the outcome have landed; `data_end` is the day after the last."""
        return as_of + timedelta(days=self.horizon_days) <= data_end


TASKS = (
    Task(PAUSE, 28, is_event=False, next_days="days_to_event"),
    Task(CANCEL, 56, is_event=False, next_days="days_to_purchase"),
    Task(REACTIVATE, 28, is_event=True, next_days="days_to_event"),
)

LONGEST_HORIZON = max(VALUE_DAYS, *(task.horizon_days for task in TASKS))


def state() -> pl.Expr:
    """The state of a customer of the view at its reference date."""
    days = pl.col("recency_days")
    return (
        pl.when(days <= ACTIVE_DAYS)
        .then(pl.lit(ACTIVE))
        .when(days <= PAUSED_DAYS)
        .then(pl.lit(PAUSED))
        .otherwise(pl.lit(LOST))
        .alias("state")
    )


def population(task: str, fewest_events: int) -> pl.Expr:
    """Whether a customer of the view is asked about; who is like a robot never is.

    Args:
        task: pause, cancel or reactivate.
        fewest_events: Events of the history from which on a customer's habits are known.
    """
    days = pl.col("recency_days")
    is_asked = {
        PAUSE: (days <= ACTIVE_DAYS)
        & (pl.col("days_active_7m") >= _FEWEST_DAYS)
        & (pl.col("n_events_history") >= fewest_events),
        CANCEL: pl.col("days_since_last_purchase") <= _BUYER_DAYS,
        REACTIVATE: (days > ACTIVE_DAYS) & (days <= _RETURN_DAYS),
    }[task]
    return is_asked.fill_null(value=False) & ~pl.col("is_bot_suspect")


def outcomes_after(sessions: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Return what customers did in the longest horizon after a reference date.

    Args:
        sessions: `Sessions` of the months of `months_after`; those before the date do not count.
        as_of: The reference date.

    Returns:
        Columns `user_id`, `days_to_event` and `days_to_purchase` (0: on the date itself; null: none
        within the horizon), `later_purchases` (days with one) and `later_revenue` (currency), both
        of 56 days. A row for everybody who did anything at all.
    """
    day = pl.col("quarter_hour").dt.date()
    days = (day - pl.lit(as_of)).dt.total_days()
    is_bought, in_value = pl.col("purchases") > 0, pl.col("days") < VALUE_DAYS
    return (
        sessions.with_columns(days=days)
        .filter(pl.col("days") >= 0, pl.col("days") < LONGEST_HORIZON)
        .group_by("user_id")
        .agg(
            days_to_event=pl.col("days").min(),
            days_to_purchase=pl.col("days").filter(is_bought).min(),
            later_purchases=pl.col("days").filter(is_bought & in_value).n_unique(),
            later_revenue=pl.col("purchase_cents").filter(in_value).sum() / 100,
        )
    )


def months_after(as_of: date) -> tuple[str, ...]:
    """Return the months in which the longest horizon of a reference date has days."""
    last = as_of + timedelta(days=LONGEST_HORIZON - 1)
    return months_between(month_of(as_of), month_of(last))
