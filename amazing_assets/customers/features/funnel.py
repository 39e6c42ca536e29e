"""How far a customer goes from looking to buying."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import History, each_window, share


def funnel(history: History) -> pl.LazyFrame:
    """Return the ratios of the funnel as seen."""
    return history.customers.select("user_id", *each_window(_ratios))


def _ratios(window: str) -> dict[str, pl.Expr]:
    views, carts, removes, purchases = (
        pl.col(f"{step}{window}") for step in ("views", "carts", "removes", "purchases")
    )
    return {
        "view_to_cart": share(carts, views),
        "cart_to_purchase": share(purchases, carts),
        "view_to_purchase": share(purchases, views),
        "remove_per_cart": share(removes, carts),
    }
