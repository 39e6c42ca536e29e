"""What every family is given: a history, and what several families make of it, made once.

Work is done on rows only to make one row per customer and product, session, day or hour; windows
are marked on the rows once, and everything after that is a sum over a mark.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.calendar import shipped_calendar
from amazing_assets.dates import HISTORY, WINDOWS, window_start

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from amazing_assets.customers.calendar import Calendar
    from amazing_assets.customers.prices import PriceReference

EVENTS = pl.sum_horizontal("views", "carts", "removes", "purchases", "returns")
CENTS = pl.sum_horizontal("view_cents", "cart_cents", "remove_cents", "purchase_cents")

# All that adds up over the quarters of an hour and is about customers as a whole.
_MEASURES = (
    "views",
    "carts",
    "removes",
    "purchases",
    "returns",
    "purchase_cents",
    "returned_cents",
    "priced_events",
    "log_price_sum",
    "log_price_square_sum",
)


def made(query: pl.LazyFrame) -> pl.LazyFrame:
    """Return what a query makes, made: whoever reads it does not make it again.

    By the streaming engine, which groups rows as it reads them: half the time of the other, and
    memory for the groups only.
    """
    return query.collect(engine="streaming").lazy()


def within(query: pl.LazyFrame) -> pl.LazyFrame:
    """Return the query, made once in the course of whichever query it becomes a part of."""
    return query.cache()


def unmade(query: pl.LazyFrame) -> pl.LazyFrame:
    """Return the query itself: for those who want to know what it would make, and of what."""
    return query


@dataclass(frozen=True)
class History:
    """The summaries of some whole customers, of events before a reference date only.

    Attributes:
        sessions: `Sessions` of the history.
        user_products: `UserProducts` of the history.
        prices: The price books of the windows, over all customers.
        as_of: The reference date; it and the windows begin at 00:00 UTC.
        zone: The time zone of hours of the day and of days on which something was done.
        once: Makes what is read more than once: `made`, `within`, or `unmade`.
        calendar: The days on which shops expect their customers.
        contacts: Reads the `Contacts` of the history, for who needs them alone; None: nobody told
            of any.
    """

    sessions: pl.LazyFrame
    user_products: pl.LazyFrame
    prices: PriceReference
    as_of: date
    zone: str
    once: Callable[[pl.LazyFrame], pl.LazyFrame] = made
    calendar: Calendar = field(default_factory=shipped_calendar)
    contacts: Callable[[], pl.LazyFrame] | None = None

    def local(self, moment: str) -> pl.Expr:
        """A moment as the clocks of the time zone show it, summer time included."""
        return pl.col(moment).dt.convert_time_zone(self.zone)

    def in_window(self, moment: str, months: int) -> pl.Expr:
        """Whether a row lies in a window, by a column that is a date or a time."""
        return pl.col(moment).dt.date() >= pl.lit(window_start(self.as_of, months))

    def marked(self, rows: pl.LazyFrame, moment: str) -> pl.LazyFrame:
        """Return rows with `in_2m`, `in_5m` and `in_7m`, for `sums` to add up."""
        return rows.with_columns(
            self.in_window(moment, months).alias(f"in_{months}m") for months in WINDOWS
        )

    @cached_property
    def customers(self) -> pl.LazyFrame:
        """One row per customer: what adds up over each window, and the first and last moments.

        Columns `user_id`, `first_event_at`, `last_event_at`, `last_purchase_at`, and per window
        `events`, `cents` (of all prices seen) and the measures of `Sessions`.
        """
        rows = self.marked(self.sessions, "quarter_hour")
        return self.once(
            rows.group_by("user_id").agg(
                pl.col("first_event_at").min(),
                pl.col("last_event_at", "last_purchase_at").max(),
                *sums(events=EVENTS, cents=CENTS, **{name: pl.col(name) for name in _MEASURES}),
            )
        )

    @cached_property
    def whole_sessions(self) -> pl.LazyFrame:
        """One row per customer and session over the whole history.

        Columns `user_id`, `user_session`, `started_at`, `ended_at`, `last_paid_at` (the quarter of
        its last purchase with a price), `events`, `carts`, `purchases`, `quarters` (of an hour in
        which it has events) and `products` (distinct, were no product seen in two quarters).
        """
        is_paid = pl.col("priced_purchases") > 0
        return self.once(
            self.sessions.group_by("user_id", "user_session").agg(
                pl.col("first_event_at").min().alias("started_at"),
                pl.col("last_event_at").max().alias("ended_at"),
                pl.when(is_paid).then("quarter_hour").max().alias("last_paid_at"),
                EVENTS.sum().alias("events"),
                pl.col("carts", "purchases").sum(),
                pl.len().alias("quarters"),
                pl.col("products").list.len().cast(pl.Int64).sum(),
            )
        )


def sums(**values: pl.Expr) -> list[pl.Expr]:
    """Return the sums of values over each window of rows that `History.marked` marked.

    Not `filter(...).sum()`: that gathers the rows of every group anew, ten times the work.
    """
    return [
        pl.when(f"in_{months}m").then(value).otherwise(0).sum().alias(f"{name}_{months}m")
        for name, value in values.items()
        for months in WINDOWS
    ]


def each_window(build: Callable[[str], dict[str, pl.Expr]]) -> list[pl.Expr]:
    """Return expressions for every window, built from the window's suffix."""
    return [
        expression.alias(f"{name}_{months}m")
        for months in WINDOWS
        for name, expression in build(f"_{months}m").items()
    ]


def over_history(name: str) -> pl.Expr:
    """The column of the longest window, which is the whole history."""
    return pl.col(f"{name}_{HISTORY}m")


def share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Return part / whole; null where the whole is zero."""
    return pl.when(whole > 0).then(part / whole)


def days_before(moment: pl.Expr, as_of: date) -> pl.Expr:
    """Return the days from the day of a moment to the reference date."""
    return (pl.lit(as_of) - moment.dt.date()).dt.total_days().cast(pl.Int32)
