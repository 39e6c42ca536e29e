"""Whether a customer looks at the cheap or the dear end of a category, and at discounts."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import CENTS, History, each_window, share
from amazing_assets.customers.prices import percentiles
from amazing_assets.dates import WINDOWS

# A price of 95 % of the median or less is a discount; the price book's bins are 1 % wide.
DISCOUNT = 0.95


def price_level(history: History) -> pl.LazyFrame:
    """Return where the prices seen and paid stand, and the share of discounts."""
    seen = _prices(history, CENTS, pl.col("priced_events"))
    paid = _prices(history, pl.col("purchase_cents"), pl.col("priced_purchases"))
    parts = (
        _mean(percentiles(seen, history.prices), "price_position", "percentile"),
        _mean(percentiles(paid, history.prices), "purchase_price_position", "percentile"),
        _mean(_discounts(seen, history), "discount_share", "is_discounted"),
    )
    found = history.user_products.select(pl.col("user_id").unique())
    for part in parts:
        found = found.join(part, on="user_id", how="left")
    return found


def _prices(history: History, cents: pl.Expr, number: pl.Expr) -> pl.LazyFrame:
    """The mean price of each row of `UserProducts` that has one."""
    rows = history.marked(history.user_products.filter(number > 0), "month")
    return rows.with_columns(cents=cents / number, weight=number)


def _discounts(prices: pl.LazyFrame, history: History) -> pl.LazyFrame:
    def is_discounted(window: str) -> dict[str, pl.Expr]:
        return {"is_discounted": pl.col("cents") <= DISCOUNT * pl.col(f"median_cents{window}")}

    known = prices.join(history.prices.products.lazy(), on="product_id")
    return known.with_columns(each_window(is_discounted))


def _mean(rows: pl.LazyFrame, name: str, value: str) -> pl.LazyFrame:
    """The mean of a value per customer and window, weighted by `weight`; null has no weight."""

    def mean(months: int) -> pl.Expr:
        measured, weight = pl.col(f"{value}_{months}m"), pl.col("weight")
        counts = pl.col(f"in_{months}m") & measured.is_not_null()
        total = pl.when(counts).then(measured * weight).otherwise(0).sum()
        return share(total, pl.when(counts).then(weight).otherwise(0).sum()).alias(
            f"{name}_{months}m"
        )

    return rows.group_by("user_id").agg(mean(months) for months in WINDOWS)
