"""What classifying a customer takes of the others: reference prices, and sessions of crowds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.contract import PriceBook
from amazing_assets.customers.prices import price_reference
from amazing_assets.dates import HISTORY, first_day, month_of, window_start
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from amazing_assets.customers.prices import PriceReference
    from amazing_assets.lake.table import Lake

_CROWDED = pl.Schema({"month": pl.Date, "user_session": pl.String})


@dataclass(frozen=True)
class Surroundings:
    """What is known of other customers at a reference date.

    Attributes:
        as_of: The reference date: events of that day and later do not count.
        months: The months that it was made of.
        prices: The price books of the windows.
        crowded: Columns `month` and `user_session`: sessions that too many customers used.
    """

    as_of: date
    months: tuple[str, ...]
    prices: PriceReference
    crowded: pl.DataFrame


def surroundings(lake: Lake, as_of: date) -> Surroundings:
    """Return what a lake knows of other customers at a reference date.

    Only whole months before the date are read: prices of the month that is under way would take
    all its events to be read, and change an answer by next to nothing.

    Args:
        lake: Where the price books are; of a month that it lacks nothing is known.
        as_of: The reference date.
    """
    months = months_before(lake, as_of)
    book = lake.scan("price_book", *months) if months else pl.LazyFrame(schema=schema_of(PriceBook))
    return Surroundings(as_of, months, price_reference(book, as_of), crowded_sessions(lake, months))


def months_before(lake: Lake, as_of: date) -> tuple[str, ...]:
    """Return the whole months of a reference date's history whose prices a lake has."""
    return whole_months(lake.months("price_book"), as_of)


def whole_months(known: Iterable[str], as_of: date) -> tuple[str, ...]:
    """Return those of some months that lie in a reference date's history, and end before it."""
    first, beyond = month_of(window_start(as_of, HISTORY)), month_of(as_of)
    return tuple(month for month in known if first <= month < beyond)


def crowded_sessions(lake: Lake, months: tuple[str, ...]) -> pl.DataFrame:
    """Return `month` and `user_session` of the sessions that too many customers used."""
    known = set(lake.months("clean_events"))
    found = [
        lake.scan("clean_events", month)
        .filter("is_crowded_session")
        .select(month=pl.lit(first_day(month)), user_session="user_session")
        .unique()
        .collect()
        for month in months
        if month in known
    ]
    return pl.concat([pl.DataFrame(schema=_CROWDED), *found])
