"""What a customer pays, and at which prices a customer looks."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import (
    History,
    days_before,
    each_window,
    over_history,
    share,
)
from amazing_assets.customers.summaries import LOG_SCALE


def money(history: History) -> pl.LazyFrame:
    """Return prices, values, returns and the last purchase."""
    last = pl.col("last_purchase_at")
    return history.customers.select(
        "user_id",
        last.alias("last_purchase"),
        days_before(last, history.as_of).alias("days_since_last_purchase"),
        (over_history("purchase_cents") / 100).alias("total_purchase_value"),
        (over_history("purchases") > 0).alias("has_purchased"),
        *each_window(_values),
    )


def _values(window: str) -> dict[str, pl.Expr]:
    paid, priced = pl.col(f"purchase_cents{window}"), pl.col(f"priced_events{window}")
    returned = pl.col(f"returned_cents{window}")
    return {
        "avg_price": share(pl.col(f"cents{window}"), priced) / 100,
        "monetary": paid / 100,
        "returned_value": returned / 100,
        "net_value": (paid - returned) / 100,
        "log_price_sd": _standard_deviation(window, priced),
    }


def _standard_deviation(window: str, n: pl.Expr) -> pl.Expr:
    """The deviation of whole numbers, in 128 bits: floats lose equal prices to cancellation."""
    wide = pl.Int128
    total = pl.col(f"log_price_sum{window}").cast(wide)
    squares = pl.col(f"log_price_square_sum{window}").cast(wide)
    numerator = (n.cast(wide) * squares - total * total).cast(pl.Float64)
    deviation = (numerator / (n * (n - 1))).sqrt() / LOG_SCALE
    return pl.when(n >= 2).then(deviation)  # noqa: PLR2004  one price has no deviation
