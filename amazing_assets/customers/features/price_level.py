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
    medians = history.prices.products.lazy()
    of_seen = percentiles(seen.join(medians, on="product_id", how="left"), history.prices)
    of_paid = percentiles(
        _prices(history, pl.col("purchase_cents"), pl.col("priced_purchases")), history.prices
    )
    found = of_seen.with_columns(each_window(_is_discounted)).group_by("user_id")
    paid = of_paid.group_by("user_id").agg(_means("percentile", "purchase_price_position"))
    return found.agg(
        *_means("percentile", "price_position"), *_means("is_discounted", "discount_share")
    ).join(paid, on="user_id", how="left")


def _prices(history: History, cents: pl.Expr, number: pl.Expr) -> pl.LazyFrame:
    """The mean price of each row of `UserProducts` that has one."""
    rows = history.marked(history.user_products.filter(number > 0), "month")
    about_the_product = ("product_id", "category_id", "category_code")
    marks = (f"in_{months}m" for months in WINDOWS)
    return rows.select("user_id", *about_the_product, *marks, cents=cents / number, weight=number)


def _is_discounted(window: str) -> dict[str, pl.Expr]:
    median = pl.col(f"median_cents{window}")
    is_discounted = pl.col("cents") <= DISCOUNT * median
    return {"is_discounted": pl.when(~pl.col("is_second")).then(is_discounted)}


def _means(value: str, name: str) -> list[pl.Expr]:
    """The mean of a value over each window, weighted by `weight`; null has no weight."""

    def mean(window: str) -> dict[str, pl.Expr]:
        measured, weight = pl.col(f"{value}{window}"), pl.col("weight")
        counts = pl.col(f"in{window}") & measured.is_not_null()
        total = pl.when(counts).then(measured * weight).otherwise(0).sum()
        return {name: share(total, pl.when(counts).then(weight).otherwise(0).sum())}

    return each_window(mean)
