"""Whether a customer looks at the cheap or the dear end of a category, and at discounts."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import History, share
from amazing_assets.customers.prices import percentiles
from amazing_assets.customers.summaries import top_category
from amazing_assets.dates import WINDOWS

# A price of 95 % of the median or less is a discount; the price book's bins are 1 % wide.
DISCOUNT = 0.95

_CENTS = pl.sum_horizontal("view_cents", "cart_cents", "remove_cents", "purchase_cents")


def price_level(history: History) -> pl.LazyFrame:
    """Return where the prices seen and paid stand, and the share of discounts."""
    in_windows = [
        history.user_products.filter(history.in_window("month", months)).with_columns(
            months=pl.lit(months, pl.Int8)
        )
        for months in WINDOWS
    ]
    rows = pl.concat(in_windows).with_columns(top_category())
    seen = _position(rows, history, "price_position", _CENTS, pl.col("priced_events"))
    paid = _position(
        rows,
        history,
        "purchase_price_position",
        pl.col("purchase_cents"),
        pl.col("priced_purchases"),
    )
    return seen.join(paid, on="user_id", how="full", coalesce=True).join(
        _discounts(rows, history), on="user_id", how="full", coalesce=True
    )


def _position(
    rows: pl.LazyFrame, history: History, name: str, cents: pl.Expr, number: pl.Expr
) -> pl.LazyFrame:
    prices = rows.filter(number > 0).select(
        "user_id",
        "months",
        "category_id",
        "top_category",
        cents=cents / number,
        weight=number,
    )
    placed = percentiles(prices, history.prices).filter(pl.col("percentile").is_not_null())
    return _mean_by_window(placed, name, pl.col("percentile"))


def _discounts(rows: pl.LazyFrame, history: History) -> pl.LazyFrame:
    priced = rows.filter(pl.col("priced_events") > 0).select(
        "user_id",
        "months",
        "product_id",
        cents=_CENTS / pl.col("priced_events"),
        weight="priced_events",
    )
    known = priced.join(history.prices.products.lazy(), on=["months", "product_id"])
    discounted = pl.col("cents") <= DISCOUNT * pl.col("median_cents")
    return _mean_by_window(known, "discount_share", discounted)


def _mean_by_window(rows: pl.LazyFrame, name: str, value: pl.Expr) -> pl.LazyFrame:
    """The mean of a value per customer and window, weighted by `weight`."""

    def mean(months: int) -> pl.Expr:
        inside, weight = pl.col("months") == months, pl.col("weight")
        total = (value * weight).filter(inside).sum()
        return share(total, weight.filter(inside).sum()).alias(f"{name}_{months}m")

    return rows.group_by("user_id").agg(mean(months) for months in WINDOWS)
