"""Monthly tables of customers, shard by shard, from the lake to the lake."""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING

from amazing_assets.customers.features.families import build_features
from amazing_assets.customers.features.history import History
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.summaries import combine_prices, summarise_prices
from amazing_assets.dates import as_of, trailing_months
from amazing_assets.lake.shard import Query

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from amazing_assets.customers.prices import PriceReference
    from amazing_assets.lake.table import Draft, Lake


def fill_price_book(draft: Draft, lake: Lake, month: str) -> None:
    """Write the month's price book, put together from every shard's."""
    books = lake.map(Query(_book, ("clean_events",), (month,)))
    draft.add_whole(reduce(_add, books))


def _book(clean_events: pl.LazyFrame) -> pl.DataFrame:
    return summarise_prices(clean_events).collect()


def _add(book: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return combine_prices([book.lazy(), other.lazy()]).collect()


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
    features = partial(_features, prices=prices, reference=reference, months=months)
    draft.fill(Query(features, ("sessions", "user_products"), months))
    return months


def _features(
    sessions: pl.LazyFrame,
    user_products: pl.LazyFrame,
    *,
    prices: PriceReference,
    reference: date,
    months: tuple[str, ...],
) -> pl.LazyFrame:
    return build_features(History(sessions, user_products, prices, reference), months)
