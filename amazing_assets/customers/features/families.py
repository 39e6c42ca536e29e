"""All families joined: one row per customer at a reference date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.columns import feature_version
from amazing_assets.customers.contract import UserFeatures
from amazing_assets.customers.features.activity import activity
from amazing_assets.customers.features.clock import clock
from amazing_assets.customers.features.funnel import funnel
from amazing_assets.customers.features.loyalty import loyalty
from amazing_assets.customers.features.money import money
from amazing_assets.customers.features.price_level import price_level
from amazing_assets.customers.features.quality import quality
from amazing_assets.customers.features.tastes import tastes
from amazing_assets.customers.features.trends import trends
from amazing_assets.customers.features.visits import visits
from amazing_assets.dates import WINDOWS, first_day, window_start
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from amazing_assets.customers.features.history import History

# Every family sees the same customers: those with an event in the history.
FAMILIES = (
    activity,
    money,
    funnel,
    visits,
    clock,
    tastes,
    price_level,
    loyalty,
    trends,
    quality,
)

_SCHEMA = schema_of(UserFeatures)


def build_features(history: History, months: Iterable[str]) -> pl.LazyFrame:
    """Return `UserFeatures` of some whole customers.

    Args:
        history: The customers' summaries, of events before the reference date only.
        months: The months that the history is made of, as `2019-10`.
    """
    joined, *others = (family(history) for family in FAMILIES)
    for family in others:
        joined = joined.join(family, on="user_id", how="left")
    return (
        joined.with_columns(
            as_of=pl.lit(history.as_of),
            feature_version=pl.lit(feature_version(history.zone)),
            **_months_available(history.as_of, months),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items())
        .sort("user_id")
    )


def _months_available(as_of: date, months: Iterable[str]) -> dict[str, pl.Expr]:
    starts = [first_day(month) for month in months]
    return {
        f"window_months_available_{w}m": pl.lit(
            sum(window_start(as_of, w) <= start < as_of for start in starts), pl.UInt8
        )
        for w in WINDOWS
    }
