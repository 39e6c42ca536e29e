"""How many products a customer looks at, and whether the customer comes back to them."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import EVENTS, History, each_window, share, sums
from amazing_assets.dates import WINDOWS


def products(history: History) -> pl.LazyFrame:
    """Return the number of products and the share of events on products seen again."""
    # All windows end together: what was last seen since one began has an event in it.
    seen = {
        f"count_products_{months}m": history.in_window("month", months).sum().cast(pl.Int64)
        for months in WINDOWS
    }
    counted = _by_product(history).group_by("user_id").agg(*each_window(_events), **seen)
    return counted.select("user_id", *seen, *each_window(_shares))


def _by_product(history: History) -> pl.LazyFrame:
    """Per customer and product: events and first day of each window, last month and last day."""
    first, last = (pl.col(f"{end}_event_at").dt.date() for end in ("first", "last"))
    first_days = (
        pl.when(f"in_{months}m").then(first).min().alias(f"first_day_{months}m")
        for months in WINDOWS
    )
    rows = history.marked(history.user_products, "month").group_by("user_id", "product_id")
    return rows.agg(
        pl.col("month").max(), last.max().alias("last_day"), *first_days, *sums(events=EVENTS)
    )


def _events(window: str) -> dict[str, pl.Expr]:
    events = pl.col(f"events{window}")
    # On two days, for the last day of the history is that of every window; unseen is null.
    again = pl.col(f"first_day{window}") < pl.col("last_day")
    return {"events": events.sum(), "repeated": pl.when(again).then(events).otherwise(0).sum()}


def _shares(window: str) -> dict[str, pl.Expr]:
    repeated = share(pl.col(f"repeated{window}"), pl.col(f"events{window}"))
    return {"repeat_product_share": repeated.fill_null(0.0)}
