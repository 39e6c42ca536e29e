"""Which brands and categories a customer prefers, and how varied the taste is."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.columns import TOP_CATEGORIES
from amazing_assets.customers.features.history import (
    EVENTS,
    History,
    each_window,
    over_history,
    share,
    sums,
)
from amazing_assets.customers.features.modes import most_frequent
from amazing_assets.customers.summaries import top_category
from amazing_assets.dates import WINDOWS


def tastes(history: History) -> pl.LazyFrame:
    """Return preferences, their concentration, and the share of each category."""
    brands = history.once(_by(history, pl.col("brand")))
    categories = history.once(_by(history, top_category().alias("category")))
    parts = (
        _variety(categories, "category", "n_categories"),
        _shares(categories),
        _preferred(brands, "brand"),
        _preferred(categories, "category"),
    )
    found = _variety(brands, "brand", "n_brands")
    for part in parts:
        found = found.join(part, on="user_id", how="left")
    return found


def _by(history: History, value: pl.Expr) -> pl.LazyFrame:
    """One row per customer and value."""
    rows = history.marked(history.user_products, "month")
    return rows.group_by("user_id", value).agg(
        *sums(events=EVENTS), pl.col("purchases").sum(), pl.col("last_event_at").max()
    )


def _variety(by_value: pl.LazyFrame, value: str, number: str) -> pl.LazyFrame:
    """Entropy, share of the top value and number of values of each window."""
    known = pl.col(value).is_not_null()
    counts = [f"events_{months}m" for months in WINDOWS]

    def measures(window: str) -> dict[str, pl.Expr]:
        n, largest = pl.col(f"n{window}"), pl.col(f"largest{window}")
        entropy = _entropy(n, pl.col(f"n_log_n{window}"), pl.col(f"values{window}"))
        return {
            f"{value}_entropy": entropy,
            f"top_{value}_share": share(largest, n),
            number: pl.col(f"values{window}").cast(pl.Int32),
        }

    return (
        # The unknown count for nothing, but a customer of unknown values only has a row.
        by_value.with_columns(pl.when(known).then(count).otherwise(0) for count in counts)
        .group_by("user_id")
        .agg(each_window(_counted))
        .select("user_id", *each_window(measures))
    )


def _counted(window: str) -> dict[str, pl.Expr]:
    count = pl.col(f"events{window}")
    return {
        "n": count.sum(),
        "largest": count.max(),
        "values": (count > 0).sum().cast(pl.Int64),
        "n_log_n": pl.when(count > 0).then(count * count.log()).otherwise(0.0).sum(),
    }


def _entropy(n: pl.Expr, n_log_n: pl.Expr, values: pl.Expr) -> pl.Expr:
    """Entropy in nats; (K - 1) / 2N corrects what few events leave unseen (Miller, Madow 1955)."""
    seen = n.log() - n_log_n / n
    return pl.when(n > 0).then((seen + (values - 1) / (2 * n)).clip(0))


def _preferred(by_value: pl.LazyFrame, value: str) -> pl.LazyFrame:
    found = most_frequent(by_value, value, events=over_history("events").meta.output_name())
    return found.rename({value: f"preferred_{value}"})


def _shares(by_category: pl.LazyFrame) -> pl.LazyFrame:
    known = pl.col("category").is_in(TOP_CATEGORIES)
    named = pl.when(known).then("category").otherwise(pl.lit("unknown"))

    def shares(window: str) -> dict[str, pl.Expr]:
        events = pl.col(f"events{window}")
        return {
            f"share_top_{category}": share(
                pl.when(pl.col("named") == category).then(events).otherwise(0).sum(), events.sum()
            ).fill_null(0.0)
            for category in (*TOP_CATEGORIES, "unknown")
        }

    return by_category.with_columns(named=named).group_by("user_id").agg(each_window(shares))
