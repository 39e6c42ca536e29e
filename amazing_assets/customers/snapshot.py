"""Monthly tables of customers, shard by shard, from the lake to the lake."""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.blocks import in_blocks
from amazing_assets.customers.calendar import shipped_calendar
from amazing_assets.customers.columns import UTC, zone_of
from amazing_assets.customers.features.families import build_features
from amazing_assets.customers.features.history import History
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.summaries import combine_prices, summarise_prices
from amazing_assets.dates import as_of, trailing_months
from amazing_assets.lake.left_out import objectors, without
from amazing_assets.lake.shard import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.customers.calendar import Calendar
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


def fill_features(
    draft: Draft, lake: Lake, month: str, zone: str, calendar: Calendar | None = None
) -> tuple[str, ...]:
    """Write the features as of the month's end; return the months that they are made of.

    Of who objects to profiles there are none.

    Args:
        draft: Of `UserFeatures`.
        lake: Where the summaries are.
        month: As `2019-10`.
        zone: The time zone of hours of the day and of days.
        calendar: Of the market; None: the one that is shipped.
    """
    months, reference = months_of_history(lake, month), as_of(month)
    prices = price_reference(lake.scan("price_book", *months), reference)
    build = partial(History, prices=prices, as_of=reference, zone=zone)
    build = partial(build, calendar=calendar or shipped_calendar())
    features = partial(_features, build=build, months=months, away=objectors(lake.root))
    draft.fill(Query(features, ("sessions", "user_products"), months))
    return months


def zone_of_features(lake: Lake, month: str) -> str:
    """Return the time zone of the hours and days of a month's features."""
    version = version_of_features(lake, "user_features", month)
    return zone_of(version) if version else UTC


def version_of_features(lake: Lake, table: str, key: str) -> str | None:
    """Return by which definitions features, or a view, were made; None: they are of nobody."""
    version = lake.scan(table, key).select("feature_version").head(1).collect()
    return str(version.item()) if version.height else None


def _features(
    sessions: pl.LazyFrame,
    user_products: pl.LazyFrame,
    *,
    build: Callable[[pl.LazyFrame, pl.LazyFrame], History],
    months: tuple[str, ...],
    away: pl.Series,
) -> pl.LazyFrame:
    blocks = in_blocks(without(sessions, away), without(user_products, away))
    return pl.concat(build_features(build(*block), months) for block in blocks).lazy()
