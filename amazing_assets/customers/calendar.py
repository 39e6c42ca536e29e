"""The days on which shops expect their customers: sales and holidays, from a file anyone can edit.

Columns `name`, `first_day`, `last_day` and `market`, a span of days a line; a line without a market
holds in all of them. The file beside this one is what is read unless the settings name another: the
holidays of every year from 2015 to 2035, and the shop's own sale, 185 195 purchases on 17 November
2019, seven times a usual day's.
"""

from __future__ import annotations

import csv
import hashlib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from amazing_assets.errors import PlainError, quoted
from amazing_assets.markets import MAIN_MARKET

COLUMNS = ("name", "first_day", "last_day", "market")

_SHIPPED = Path(__file__).with_name("calendar.csv")

# Longer than any sale: a year that is mistyped would make all days special.
_MOST_DAYS = 92


class CalendarError(PlainError):
    """A calendar cannot be read; the message says which line and why."""


class Span(NamedTuple):
    """Days in a row, both ends included.

    Attributes:
        name: What they are called.
        first: The first of them.
        last: The last.
        market: In which market; empty: in all.
    """

    name: str
    first: date
    last: date
    market: str


class Calendar(NamedTuple):
    """Sales and holidays, of all markets or of one.

    Attributes:
        spans: In the order of the file.
        market: Whose calendar it is.
    """

    spans: tuple[Span, ...]
    market: str = MAIN_MARKET

    def days(self, first: date, last: date) -> list[date]:
        """Return the days of the calendar from one date to another, both included, ascending."""
        days = {
            span.first + timedelta(days=offset)
            for span in self.spans
            for offset in range((span.last - span.first).days + 1)
        }
        return sorted(day for day in days if first <= day <= last)

    @property
    def mark(self) -> str:
        """What tells its days from those that are shipped; empty: they are the same."""
        if self.spans == shipped_calendar().of(self.market).spans:
            return ""
        days = ",".join(f"{first}:{last}" for first, last in sorted({s[1:3] for s in self.spans}))
        return hashlib.sha256(days.encode()).hexdigest()[:8]

    def of(self, market: str) -> Calendar:
        """Return what holds in a market."""
        held = tuple(span for span in self.spans if span.market in {"", market})
        return Calendar(held, market)


@cache
def shipped_calendar() -> Calendar:
    """Return the calendar that is read unless another is named."""
    return read_calendar(_SHIPPED)


def read_calendar(file: Path | None) -> Calendar:
    """Return the calendar in a file; None: the one that is shipped.

    Raises:
        CalendarError: The file cannot be read, or a line of it is none.
    """
    if file is None:
        return shipped_calendar()
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            header, *lines = list(csv.reader(text)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CalendarError(
            f"The calendar {quoted(file, 200)} cannot be read ({quoted(error)}); correct "
            f"AMAZING_CALENDAR or the file."
        ) from None
    if tuple(header) != COLUMNS:
        raise CalendarError(
            f"The calendar {quoted(file, 200)} has a wrong header, {quoted(','.join(header))}; its "
            f"first line must be {','.join(COLUMNS)}."
        )
    spans = (_span(fields, number, file) for number, fields in enumerate(lines, 2) if fields)
    return Calendar(tuple(spans))


def _span(fields: list[str], number: int, file: Path) -> Span:
    try:
        name, first, last, market = (field.strip() for field in fields)
        span = Span(name, date.fromisoformat(first), date.fromisoformat(last), market)
    except ValueError:
        span = None
    if span is None or not 0 <= (span.last - span.first).days < _MOST_DAYS:
        raise CalendarError(
            f"Line {number} of the calendar {quoted(file, 200)} is {quoted(','.join(fields))}; "
            f"write it like Black Friday,2019-11-29,2019-12-02, with the market behind another "
            f"comma, at most {_MOST_DAYS} days."
        )
    return span
