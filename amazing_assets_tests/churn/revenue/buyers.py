"""Buyers of many weeks whose rates are known, with or without what only the view sees of them."""

from datetime import date

import numpy as np
import polars as pl

from amazing_assets.churn.revenue.hurdle import FEATURES
from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.dates import WEEK
from amazing_assets.lake.contract import schema_of
from amazing_assets_tests.churn.value.shoppers import shop, shop_of_groups

AS_OF = date(2020, 5, 5)


def frame_of(shop, *, sees_who_stays=False):
    """A shop as `gather` returns it; visits of this week tell who has left, if they are seen."""
    known = schema_of(CustomerView)
    nothing = {name: pl.Series([None] * len(shop.later), dtype=known[name]) for name in FEATURES}
    random = np.random.default_rng(0)
    visits = np.where(shop.stayed, random.poisson(6, len(shop.later)), 0)
    if sees_who_stays:
        nothing["events_wk_1"] = pl.Series(visits, dtype=pl.Int64)
    return pl.DataFrame(
        {
            "user_id": np.arange(len(shop.later)),
            "repeats": shop.bought.repeats,
            "recency_weeks": shop.bought.recency,
            "age_weeks": shop.bought.age,
            "orders": shop.orders.number,
            "mean_order_value": shop.orders.mean_value,
            "market": ["main"] * len(shop.later),
            **nothing,
            "later_purchases": shop.later,
            "later_revenue": shop.revenue,
        }
    )


def weeks(count, customers=2_000, make=shop, *, sees_who_stays=False):
    """Past reference dates with their buyers, the newest eight weeks before `AS_OF`."""
    newest = AS_OF - 8 * WEEK
    return {
        newest - n * WEEK: frame_of(make(customers, seed=n + 1), sees_who_stays=sees_who_stays)
        for n in reversed(range(count))
    }


__all__ = ["AS_OF", "frame_of", "shop", "shop_of_groups", "weeks"]
