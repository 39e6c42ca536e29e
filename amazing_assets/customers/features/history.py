"""What every family is given, and the few expressions that all of them need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.dates import WINDOWS, window_start

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from amazing_assets.customers.prices import PriceReference

EVENTS = pl.sum_horizontal("views", "carts", "removes", "purchases", "returns")


@dataclass(frozen=True)
class History:
    """The summaries of some whole customers, of events before a reference date only.

    Attributes:
        sessions: `Sessions` of the history.
        user_products: `UserProducts` of the history.
        prices: The price books of the windows, over all customers.
        as_of: The reference date; it and the windows begin at 00:00 UTC.
        zone: The time zone of hours of the day and of days on which something was done.
    """

    sessions: pl.LazyFrame
    user_products: pl.LazyFrame
    prices: PriceReference
    as_of: date
    zone: str

    def local(self, moment: str) -> pl.Expr:
        """A moment as the clocks of the time zone show it, summer time included."""
        return pl.col(moment).dt.convert_time_zone(self.zone)

    def in_window(self, moment: str, months: int) -> pl.Expr:
        """Whether a row lies in a window, by a column that is a date or a time."""
        return pl.col(moment).dt.date() >= pl.lit(window_start(self.as_of, months))

    def over_windows(
        self, moment: str, build: Callable[[pl.Expr], dict[str, pl.Expr]]
    ) -> list[pl.Expr]:
        """Return expressions for every window, their names with the window's suffix.

        Args:
            moment: The column that decides in which windows a row lies.
            build: From "the row lies in the window" to named expressions.
        """
        return [
            expression.alias(f"{name}_{months}m")
            for months in WINDOWS
            for name, expression in build(self.in_window(moment, months)).items()
        ]


def each_window(build: Callable[[str], dict[str, pl.Expr]]) -> list[pl.Expr]:
    """Return expressions for every window, built from the window's suffix."""
    return [
        expression.alias(f"{name}_{months}m")
        for months in WINDOWS
        for name, expression in build(f"_{months}m").items()
    ]


def whole_sessions(sessions: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per customer and session over the whole history.

    Returns:
        Columns `user_id`, `user_session`, `started_at`, `ended_at`, `events`, `carts`,
        `purchases` and `products` (distinct).
    """
    return (
        sessions.with_columns(events=EVENTS)
        .group_by("user_id", "user_session")
        .agg(
            pl.col("first_event_at").min().alias("started_at"),
            pl.col("last_event_at").max().alias("ended_at"),
            pl.col("events", "carts", "purchases").sum(),
            pl.col("products").list.explode(keep_nulls=False, empty_as_null=False),
        )
        .with_columns(pl.col("products").list.n_unique().cast(pl.Int64))
    )


def share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Return part / whole; null where the whole is zero."""
    return pl.when(whole > 0).then(part / whole)


def days_before(moment: pl.Expr, as_of: date) -> pl.Expr:
    """Return the days from the day of a moment to the reference date."""
    return (pl.lit(as_of) - moment.dt.date()).dt.total_days().cast(pl.Int32)
