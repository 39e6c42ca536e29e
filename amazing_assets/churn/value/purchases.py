"""What models of purchases read of a customer: how often, from when, to when, and at what value.

A purchase is a day (UTC) on which a customer bought: the goods of one order arrive as several
events, often of several sessions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.models.arrays import Matrix

DAYS_PER_WEEK = 7

_CENTS = 100


class Purchases(NamedTuple):
    """The purchases of some customers up to a reference date, a customer an entry.

    Attributes:
        repeats: Purchases after the first.
        recency: Weeks from the first purchase to the last.
        age: Weeks from the first purchase to the reference date.
    """

    repeats: Matrix
    recency: Matrix
    age: Matrix


class Orders(NamedTuple):
    """What some customers paid for a purchase up to a reference date, a customer an entry.

    Attributes:
        number: Purchases of known value; 0: nothing is known of what the customer spends.
        mean_value: Their mean value, currency; 0 where there is none.
    """

    number: Matrix
    mean_value: Matrix


def summarise_purchases(sessions: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Return what was bought by every customer who bought at all.

    Args:
        sessions: `Sessions` of the history, of events before the reference date.
        as_of: The reference date.

    Returns:
        Columns `user_id`, `repeats`, `recency_weeks`, `age_weeks`, `orders` (purchases of known
        value) and `mean_order_value` (currency; 0 where no value is known).
    """
    day = pl.col("quarter_hour").dt.date()
    days = (
        sessions.filter(pl.col("purchases") > 0)
        .group_by("user_id", day.alias("day"))
        .agg(pl.col("purchase_cents", "priced_purchases").sum())
    )
    first, last = pl.col("day").min(), pl.col("day").max()
    is_priced = pl.col("priced_purchases") > 0
    value = pl.col("purchase_cents").filter(is_priced).mean() / _CENTS
    return days.group_by("user_id").agg(
        (pl.len() - 1).cast(pl.Int64).alias("repeats"),
        _weeks(last - first).alias("recency_weeks"),
        _weeks(pl.lit(as_of) - first).alias("age_weeks"),
        is_priced.sum().cast(pl.Int64).alias("orders"),
        value.fill_null(0.0).alias("mean_order_value"),
    )


def purchases_of(summary: pl.DataFrame) -> Purchases:
    """Return the purchases in a summary."""
    names = ("repeats", "recency_weeks", "age_weeks")
    return Purchases(*(summary[name].cast(pl.Float64).to_numpy() for name in names))


def orders_of(summary: pl.DataFrame) -> Orders:
    """Return what was paid for the purchases in a summary."""
    names = ("orders", "mean_order_value")
    return Orders(*(summary[name].cast(pl.Float64).to_numpy() for name in names))


def _weeks(duration: pl.Expr) -> pl.Expr:
    return duration.dt.total_days() / DAYS_PER_WEEK
