"""What a customer's orders are worth."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import History, each_window, share, sums


def orders(history: History) -> pl.LazyFrame:
    """Return the value of an order: a session with a purchase of known value."""
    # An order without a price is of unknown value, not of value 0.
    paid = history.whole_sessions.filter(pl.col("last_paid_at").is_not_null())
    counted = history.marked(paid, "last_paid_at").group_by("user_id")
    number = counted.agg(sums(orders=pl.lit(1, pl.Int64)))
    return history.customers.join(number, on="user_id", how="left").select(
        "user_id", *each_window(_values)
    )


def _values(window: str) -> dict[str, pl.Expr]:
    paid = pl.col(f"purchase_cents{window}") / 100
    return {"avg_order_value": share(paid, pl.col(f"orders{window}"))}
