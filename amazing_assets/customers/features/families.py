"""All families joined: one row per customer at a reference date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.columns import UTC, feature_version
from amazing_assets.customers.contract import PriceBook, Sessions, UserFeatures, UserProducts
from amazing_assets.customers.features.activity import activity
from amazing_assets.customers.features.clock import clock
from amazing_assets.customers.features.funnel import funnel
from amazing_assets.customers.features.history import History, unmade
from amazing_assets.customers.features.loyalty import loyalty
from amazing_assets.customers.features.money import money
from amazing_assets.customers.features.orders import orders
from amazing_assets.customers.features.price_level import price_level
from amazing_assets.customers.features.products import products
from amazing_assets.customers.features.quality import quality
from amazing_assets.customers.features.tastes import tastes
from amazing_assets.customers.features.trends import trends
from amazing_assets.customers.features.visits import visits
from amazing_assets.customers.prices import price_reference
from amazing_assets.dates import WINDOWS, first_day, window_start
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

Family = Callable[[History], pl.LazyFrame]

# Every family sees the same customers: those with an event in the history.
FAMILIES: tuple[Family, ...] = (
    activity,
    money,
    orders,
    funnel,
    visits,
    clock,
    tastes,
    price_level,
    products,
    loyalty,
    trends,
    quality,
)

_SCHEMA = schema_of(UserFeatures)
_ANY_DATE = date(2019, 11, 1)


def build_features(
    history: History, months: Iterable[str], columns: Collection[str] = tuple(_SCHEMA)
) -> pl.DataFrame:
    """Return `UserFeatures` of some whole customers, or some of its columns.

    Only the families that make the columns are run.

    Args:
        history: The customers' summaries, of events before the reference date only.
        months: The months that the history is made of, as `2019-10`.
        columns: Which are wanted; `user_id` is always there.
    """
    constants = customers_of(history, months)
    found = [aligned(family, constants) for family in _families(history, columns)]
    return pl.concat([constants, *found], how="horizontal").select(_typed(columns))


def query_features(
    history: History, months: Iterable[str], columns: Collection[str]
) -> pl.LazyFrame:
    """Return the same as one query: the less of them, the sooner few customers are answered.

    Of many customers it takes the memory of all families at a time.
    """
    found = _customers(history, months)
    for family in _families(history, columns):
        found = found.join(family, on="user_id", how="left", maintain_order="left")
    return found.select(_typed(columns))


def _families(history: History, columns: Collection[str]) -> Iterator[pl.LazyFrame]:
    """The wanted columns of each family that makes any."""
    for family in FAMILIES:
        wanted = [name for name in columns_of(family) if name in columns]
        if wanted:
            yield family(history).select("user_id", *wanted)


def _typed(columns: Collection[str]) -> list[pl.Expr]:
    return [
        pl.col(name).cast(dtype)
        for name, dtype in _SCHEMA.items()
        if name == "user_id" or name in columns
    ]


def customers_of(history: History, months: Iterable[str]) -> pl.DataFrame:
    """Return the customers of a history, ascending, and what is the same for all of them."""
    return _customers(history, months).collect()


def _customers(history: History, months: Iterable[str]) -> pl.LazyFrame:
    customers = history.customers.select("user_id").sort("user_id")
    return customers.select(
        "user_id",
        as_of=pl.lit(history.as_of),
        feature_version=pl.lit(feature_version(history.zone)),
        **_months_available(history.as_of, months),
    )


@cache
def columns_of(family: Family) -> tuple[str, ...]:
    """Return the columns that a family makes, `user_id` aside."""
    sessions, user_products, price_book = (
        pl.LazyFrame(schema=schema_of(contract)) for contract in (Sessions, UserProducts, PriceBook)
    )
    prices = price_reference(price_book, _ANY_DATE)
    history = History(sessions, user_products, prices, _ANY_DATE, UTC, unmade)
    return tuple(name for name in family(history).collect_schema() if name != "user_id")


def aligned(family: pl.LazyFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a family in the order of the customers: side by side without a join."""
    found = family.collect(engine="streaming").sort("user_id")
    if not found["user_id"].equals(customers["user_id"]):
        # Whom one of the summaries does not know.
        found = customers.select("user_id").join(
            found, on="user_id", how="left", maintain_order="left"
        )
    return found.drop("user_id")


def _months_available(as_of: date, months: Iterable[str]) -> dict[str, pl.Expr]:
    starts = [first_day(month) for month in months]
    return {
        f"window_months_available_{w}m": pl.lit(
            sum(window_start(as_of, w) <= start < as_of for start in starts), pl.UInt8
        )
        for w in WINDOWS
    }
