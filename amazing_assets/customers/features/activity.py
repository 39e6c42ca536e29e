"""How much a customer does, and since when."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import (
    History,
    days_before,
    each_window,
    over_history,
)


def activity(history: History) -> pl.LazyFrame:
    """Return counts of events, recency and tenure."""
    return history.customers.select(
        "user_id",
        over_history("events").alias("n_events_history"),
        "last_event_at",
        days_before(pl.col("last_event_at"), history.as_of).alias("recency_days"),
        days_before(pl.col("first_event_at"), history.as_of).alias("tenure_days"),
        *each_window(_counts),
    )


def _counts(window: str) -> dict[str, pl.Expr]:
    steps = ("events", "views", "carts", "removes", "purchases", "returns")
    return {f"number_of_{step}": pl.col(f"{step}{window}") for step in steps}
