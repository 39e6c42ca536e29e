"""Which brands and categories a customer prefers, and how varied the taste is."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.columns import TOP_CATEGORIES
from amazing_assets.customers.features.history import EVENTS, History, each_window, share
from amazing_assets.customers.features.modes import most_frequent
from amazing_assets.customers.summaries import top_category


def tastes(history: History) -> pl.LazyFrame:
    """Return preferences, their concentration, and the share of each category."""
    seen = history.user_products.select(
        "user_id",
        "month",
        "brand",
        "purchases",
        "last_event_at",
        top_category().alias("category"),
        EVENTS.alias("events"),
    )
    return (
        _variety(seen, history, "brand", "n_brands")
        .join(_variety(seen, history, "category", "n_categories"), on="user_id", how="left")
        .join(_categories(seen, history), on="user_id", how="left")
        .join(
            most_frequent(seen, "brand").rename({"brand": "preferred_brand"}),
            on="user_id",
            how="left",
        )
        .join(
            most_frequent(seen, "category").rename({"category": "preferred_category"}),
            on="user_id",
            how="left",
        )
    )


def _variety(seen: pl.LazyFrame, history: History, value: str, number: str) -> pl.LazyFrame:
    """Entropy, share of the top value and number of values of each window."""
    by_value = seen.group_by("user_id", value).agg(
        history.over_windows(
            "month", lambda inside: {"events": pl.col("events").filter(inside).sum()}
        )
    )

    def measures(window: str) -> dict[str, pl.Expr]:
        known = pl.col(value).is_not_null() & (pl.col(f"events{window}") > 0)
        counts = pl.col(f"events{window}").filter(known)
        return {
            f"{value}_entropy": _entropy(counts),
            f"top_{value}_share": share(counts.max(), counts.sum()),
            number: counts.len().cast(pl.Int32),
        }

    return by_value.group_by("user_id").agg(each_window(measures))


def _entropy(counts: pl.Expr) -> pl.Expr:
    """Entropy in nats; (K - 1) / 2N corrects what few events leave unseen (Miller, Madow 1955)."""
    n = counts.sum()
    seen = n.log() - (counts * counts.log()).sum() / n
    return pl.when(n > 0).then((seen + (counts.len() - 1) / (2 * n)).clip(0))


def _categories(seen: pl.LazyFrame, history: History) -> pl.LazyFrame:
    known = pl.col("category").is_in(TOP_CATEGORIES)
    named = pl.when(known).then("category").otherwise(pl.lit("unknown"))

    def shares(inside: pl.Expr) -> dict[str, pl.Expr]:
        events = pl.col("events").filter(inside)
        return {
            f"share_top_{category}": share(
                pl.col("events").filter(inside & (pl.col("named") == category)).sum(),
                events.sum(),
            ).fill_null(0.0)
            for category in (*TOP_CATEGORIES, "unknown")
        }

    return (
        seen.with_columns(named=named)
        .group_by("user_id")
        .agg(history.over_windows("month", shares))
    )
