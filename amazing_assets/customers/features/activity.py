"""How much a customer does, and since when."""

from __future__ import annotations

from functools import partial

import polars as pl

from amazing_assets.customers.features.history import EVENTS, History, days_before


def activity(history: History) -> pl.LazyFrame:
    """Return counts of events, sessions, products and days; recency and tenure."""
    first, last = pl.col("first_event_at").min(), pl.col("last_event_at").max()
    counts = history.sessions.group_by("user_id").agg(
        EVENTS.sum().alias("n_events_history"),
        last.alias("last_event_at"),
        days_before(last, history.as_of).alias("recency_days"),
        days_before(first, history.as_of).alias("tenure_days"),
        *history.over_windows("quarter_hour", partial(_counts, history.local("quarter_hour"))),
    )
    products = history.user_products.group_by("user_id").agg(
        history.over_windows("month", _products)
    )
    return counts.join(products, on="user_id", how="left")


def _counts(local: pl.Expr, inside: pl.Expr) -> dict[str, pl.Expr]:
    steps = ("views", "carts", "removes", "purchases", "returns")
    day, bought = local.dt.date(), pl.col("purchases") > 0
    return {
        "number_of_events": EVENTS.filter(inside).sum(),
        **{f"number_of_{step}": pl.col(step).filter(inside).sum() for step in steps},
        "number_of_sessions": _distinct(pl.col("user_session").filter(inside), pl.Int64),
        "days_active": _distinct(day.filter(inside), pl.Int32),
        "purchase_days": _distinct(day.filter(inside & bought), pl.Int32),
    }


def _products(inside: pl.Expr) -> dict[str, pl.Expr]:
    return {"count_products": _distinct(pl.col("product_id").filter(inside), pl.Int64)}


def _distinct(values: pl.Expr, dtype: type[pl.DataType]) -> pl.Expr:
    return values.n_unique().cast(dtype)
