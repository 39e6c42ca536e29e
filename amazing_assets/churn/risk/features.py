"""What models of risk read of a customer, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.churn.value.purchases import purchases_of
from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.churn.value.repurchase import Repurchase
    from amazing_assets.models.arrays import Matrix

# Of the purchases before the reference date, by `churn.value`.
PURCHASE_FEATURES = ("p_alive", "expected_purchases")

_WEEKS_AHEAD = 8

# A number that names something is no quantity, and how many months the lake has says when a
# customer was asked about, not who it is.
_NO_QUANTITIES = ("user_id", "segment")
_OF_THE_LAKE = "window_months_available"

# What is known of five months lies between what is known of two and of seven.
_BETWEEN = "_5m"
_ALONE = ("trend_2m_5m",)


def view_features() -> tuple[str, ...]:
    """Return the columns of the view that models read: all quantities, and what is so or not."""
    return tuple(
        name
        for name, dtype in schema_of(CustomerView).items()
        if (dtype.is_numeric() or dtype == pl.Boolean)
        and name not in _NO_QUANTITIES
        and not name.startswith(_OF_THE_LAKE)
        and (not name.endswith(_BETWEEN) or name in _ALONE)
    )


def with_purchases(
    customers: pl.DataFrame, bought: pl.DataFrame, repurchase: Repurchase | None
) -> pl.DataFrame:
    """Return customers with what their purchases say of them; null: of those who never bought.

    Args:
        customers: With `user_id`.
        bought: `summarise_purchases` at the same date.
        repurchase: When customers buy again; None: too few bought for that to be known.
    """
    if repurchase is None:
        return customers
    purchases = purchases_of(bought)
    told = bought.select("user_id").with_columns(
        p_alive=pl.Series(repurchase.p_alive(purchases)),
        expected_purchases=pl.Series(repurchase.expected(purchases, _WEEKS_AHEAD)),
    )
    return customers.join(told, on="user_id", how="left", maintain_order="left")


def matrix(rows: pl.DataFrame, columns: Sequence[str]) -> Matrix:
    """Return some columns as numbers, a row a customer; NaN where nothing is known."""
    if not columns:
        return np.empty((rows.height, 0))
    numbers = rows.select(pl.col(columns).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    # A ratio may be infinite, which trees take and lines do not.
    return np.where(np.isinf(numbers), np.nan, numbers)
