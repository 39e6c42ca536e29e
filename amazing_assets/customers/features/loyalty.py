"""Whether a customer buys the same products again."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import History, each_window, share, sums


def loyalty(history: History) -> pl.LazyFrame:
    """Return the share of purchases of products bought before, of those who bought anything."""
    bought = history.user_products.filter(pl.col("purchases") > 0)
    by_product = (
        history.marked(bought, "month")
        .group_by("user_id", "product_id")
        .agg(pl.col("month").min(), *sums(purchases=pl.col("purchases")))
    )
    counted = (
        history.marked(by_product, "month")
        .group_by("user_id")
        .agg(pl.col("^purchases_.*$").sum(), *sums(first_purchases=pl.lit(1, pl.Int64)))
    )
    return counted.select("user_id", *each_window(_shares))


def _shares(window: str) -> dict[str, pl.Expr]:
    purchases = pl.col(f"purchases{window}")
    again = purchases - pl.col(f"first_purchases{window}")
    return {"repurchase_share": share(again, purchases)}
