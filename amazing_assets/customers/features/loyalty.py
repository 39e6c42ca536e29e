"""Whether a customer comes back to the same products."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import EVENTS, History, each_window, share

_DAYS_THAT_REPEAT = 2


def loyalty(history: History) -> pl.LazyFrame:
    """Return the shares of events on products seen again, and of products bought again."""
    months = history.user_products.group_by("user_id", "product_id", "month").agg(
        EVENTS.sum().alias("events"),
        pl.col("purchases").sum(),
        pl.col("days_seen").bitwise_or(),
    )
    bought_in = pl.col("month").filter(pl.col("purchases") > 0)
    products = (
        months.with_columns(days=pl.col("days_seen").bitwise_count_ones())
        .group_by("user_id", "product_id")
        .agg(
            bought_in.min().alias("first_bought_in"),
            *history.over_windows("month", _sums),
        )
    )
    counted = products.group_by("user_id").agg(
        *each_window(_repeated), *history.over_windows("first_bought_in", _first_purchases)
    )
    return counted.select("user_id", *each_window(_shares))


def _sums(inside: pl.Expr) -> dict[str, pl.Expr]:
    return {name: pl.col(name).filter(inside).sum() for name in ("events", "purchases", "days")}


def _repeated(window: str) -> dict[str, pl.Expr]:
    events = pl.col(f"events{window}")
    again = pl.col(f"days{window}") >= _DAYS_THAT_REPEAT
    return {
        "events": events.sum(),
        "repeated": events.filter(again).sum(),
        "purchases": pl.col(f"purchases{window}").sum(),
    }


def _first_purchases(inside: pl.Expr) -> dict[str, pl.Expr]:
    return {"first_purchases": inside.sum().cast(pl.Int64)}


def _shares(window: str) -> dict[str, pl.Expr]:
    events, purchases = pl.col(f"events{window}"), pl.col(f"purchases{window}")
    again = purchases - pl.col(f"first_purchases{window}")
    return {
        "repeat_product_share": share(pl.col(f"repeated{window}"), events).fill_null(0.0),
        "repurchase_share": share(again, purchases),
    }
