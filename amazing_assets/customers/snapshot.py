"""Monthly tables of customers, shard by shard, from the lake to the lake."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from amazing_assets.customers.features.families import build_features
from amazing_assets.customers.features.history import History
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.summaries import combine_prices, summarise_prices
from amazing_assets.dates import as_of, trailing_months

if TYPE_CHECKING:
    import polars as pl

    from amazing_assets.lake.table import Draft, Lake


def fill_price_book(draft: Draft, lake: Lake, month: str) -> None:
    """Write the month's price book, put together from every shard's."""

    def book_of_shard(shard: int) -> pl.DataFrame:
        return summarise_prices(lake.shard("clean_events", shard, month)).collect()

    def add(book: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
        return combine_prices([book.lazy(), other.lazy()]).collect()

    books = lake.engine.map(book_of_shard, range(lake.shards))
    draft.add_whole(reduce(add, books))


def months_of_history(lake: Lake, month: str) -> tuple[str, ...]:
    """Return the months of a month's seven-month window whose summaries the lake has.

    The month itself is always one of them: a lake without it refuses when it is read.
    """
    tables = ("sessions", "user_products", "price_book")
    known = set.intersection(*(set(lake.months(table)) for table in tables))
    return tuple(m for m in trailing_months(month) if m in known | {month})


def fill_features(draft: Draft, lake: Lake, month: str) -> tuple[str, ...]:
    """Write the features as of the month's end; return the months that they are made of."""
    months, reference = months_of_history(lake, month), as_of(month)
    prices = price_reference(lake.scan("price_book", *months), reference)

    def features_of_shard(shard: int) -> pl.LazyFrame:
        sessions = lake.shard("sessions", shard, *months)
        user_products = lake.shard("user_products", shard, *months)
        return build_features(History(sessions, user_products, prices, reference), months)

    draft.fill(features_of_shard)
    return months
