"""The history of a reference date: whole months from summaries, part of one from its events.

Whoever asks for the same date later, when more has happened, is given the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.customers.calendar import shipped_calendar
from amazing_assets.customers.features.history import History
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.summaries import (
    combine_prices,
    summarise_prices,
    summarise_sessions,
    summarise_user_products,
)
from amazing_assets.dates import HISTORY, first_day, month_of, months_between, window_start
from amazing_assets.errors import PlainError
from amazing_assets.events.crowds import MOST_CUSTOMERS_A_SESSION
from amazing_assets.lake.left_out import objectors, without
from amazing_assets.lake.shard import Query

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from amazing_assets.customers.calendar import Calendar
    from amazing_assets.customers.prices import PriceReference
    from amazing_assets.lake.shard import Shard
    from amazing_assets.lake.table import Lake

_SUMMARIES = ("sessions", "user_products", "price_book")


class NoHistoryError(PlainError):
    """Nothing is known of customers at a reference date."""


class Past(NamedTuple):
    """The months in which the history of a reference date lies.

    Attributes:
        as_of: The reference date.
        months: The whole ones, oldest first.
        part: The one of which only the days before the date count; None: the date ends a month.
    """

    as_of: date
    months: tuple[str, ...]
    part: str | None

    @property
    def all_months(self) -> tuple[str, ...]:
        """The whole months and the part of one."""
        return (*self.months, self.part) if self.part else self.months


def past_of(lake: Lake, as_of: date) -> Past:
    """Return the months of a reference date's history that the lake has.

    Months whose events are there but not their summaries are among them: a lake without these
    refuses when it is read, and no month is left out unnoticed.

    Raises:
        NoHistoryError: There is no event before the date.
    """
    first, last = month_of(window_start(as_of, HISTORY)), month_of(as_of)
    known = set(lake.months("clean_events")).union(*map(lake.months, _SUMMARIES))
    whole = tuple(m for m in months_between(first, last)[:-1] if m in known)
    part = None if as_of == first_day(last) else last
    if part not in {*lake.months("clean_events"), None}:
        raise NoHistoryError(
            f"The lake has no events of {last}, of which the view as of {as_of} is made; `amazing "
            f"run --months {last}` makes them once they have landed."
        )
    if not whole and part is None:
        raise NoHistoryError(
            f"The lake has no events before {as_of}; the first view is that of a later date."
        )
    return Past(as_of, whole, part)


@dataclass(frozen=True)
class HistoryOfShard:
    """What makes the history of a shard's customers, wherever it runs.

    Attributes:
        past: The months that it is made of.
        prices: The price books of its windows.
        crowded: Sessions of too many customers, of the month that is under way.
        zone: The time zone of hours of the day and of days.
        calendar: The days on which shops expect their customers.
        contacted: The months of the history of which contacts are known.
    """

    past: Past
    prices: PriceReference
    crowded: tuple[str, ...]
    zone: str
    calendar: Calendar
    contacted: tuple[str, ...]

    def __call__(self, shard: Shard) -> History:
        """Return the summaries of a shard's customers, of events before the reference date.

        Of who objects to profiles there is none.
        """
        sessions, products = (
            _stored(shard.scan, name, self.past.months) for name in ("sessions", "user_products")
        )
        if self.past.part:
            events = _before(shard.scan("clean_events", self.past.part), self.past.as_of)
            events = events.with_columns(_is_crowded(self.crowded)).collect().lazy()
            # Collected, for every family reads them.
            sessions.append(summarise_sessions(events).collect().lazy())
            products.append(summarise_user_products(events).collect().lazy())
        away = objectors(shard.root)
        return History(
            without(pl.concat(sessions), away),
            without(pl.concat(products), away),
            self.prices,
            self.past.as_of,
            self.zone,
            calendar=self.calendar,
            contacts=partial(shard.scan, "contacts", *self.contacted) if self.contacted else None,
        )


def history_task(
    lake: Lake, past: Past, zone: str, calendar: Calendar | None = None
) -> HistoryOfShard:
    """Return what makes the history of a shard's customers as of a reference date.

    Args:
        lake: Where events and summaries are.
        past: The history, of `past_of`.
        zone: The time zone of hours of the day and of days.
        calendar: Of the market; None: the one that is shipped.
    """
    books = _stored(lake.scan, "price_book", past.months)
    if past.part:
        book = Query(partial(_book, as_of=past.as_of), ("clean_events",), (past.part,))
        books.append(reduce(_add, lake.map(book)).lazy())
    prices = price_reference(pl.concat(books), past.as_of)
    contacted = tuple(m for m in past.all_months if m in lake.months("contacts"))
    calendar = calendar or shipped_calendar()
    return HistoryOfShard(past, prices, _crowded_sessions(lake, past), zone, calendar, contacted)


def _stored(
    scan: Callable[..., pl.LazyFrame], table: str, months: tuple[str, ...]
) -> list[pl.LazyFrame]:
    return [scan(table, *months)] if months else []


def _before(clean_events: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    return clean_events.filter(pl.col("event_time").dt.date() < pl.lit(as_of))


def _book(clean_events: pl.LazyFrame, as_of: date) -> pl.DataFrame:
    return summarise_prices(_before(clean_events, as_of)).collect()


def _add(book: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return combine_prices([book.lazy(), other.lazy()]).collect()


def _crowded_sessions(lake: Lake, past: Past) -> tuple[str, ...]:
    """Return the sessions that too many customers used in the month before the reference date.

    All of them are among those of the whole month, which are few; that a session became crowded
    only after the date is not known at it.
    """
    if past.part is None:
        return ()
    crowded = lake.scan("clean_events", past.part).filter("is_crowded_session")
    counted = (
        _before(crowded, past.as_of)
        .group_by("user_session")
        .agg(customers=pl.col("user_id").n_unique())
        .filter(pl.col("customers") > MOST_CUSTOMERS_A_SESSION)
    )
    return tuple(counted.collect()["user_session"].sort())


def _is_crowded(crowded: tuple[str, ...]) -> pl.Expr:
    named = pl.col("user_session").is_in(list(crowded)) if crowded else pl.lit(value=False)
    return named.fill_null(value=False).alias("is_crowded_session")
