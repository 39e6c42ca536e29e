"""How far a customer goes from looking to buying."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import History, each_window, share, whole_sessions


def funnel(history: History) -> pl.LazyFrame:
    """Return the ratios of the funnel as seen, and abandoned carts."""
    steps = history.sessions.group_by("user_id").agg(history.over_windows("quarter_hour", _steps))
    abandoned = (pl.col("carts") > 0) & (pl.col("purchases") == 0)
    carts = (
        whole_sessions(history.sessions)
        .group_by("user_id")
        .agg(abandoned.sum().cast(pl.Int64).alias("cart_abandonments"))
    )
    return steps.select("user_id", *each_window(_ratios)).join(carts, on="user_id", how="left")


def _steps(inside: pl.Expr) -> dict[str, pl.Expr]:
    steps = ("views", "carts", "removes", "purchases")
    return {step: pl.col(step).filter(inside).sum() for step in steps}


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
