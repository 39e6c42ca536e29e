"""Months, windows and reference dates. Everything is UTC.

A month is written `2019-10`; its reference date `as_of` is the first day after it, and a
snapshot sees events strictly before `as_of` 00:00.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")

# Trailing windows of the features, in months. The longest is also "the history": a snapshot
# combines at most seven monthly summaries, so its cost does not grow with the past.
WINDOWS = (2, 5, 7)
HISTORY = max(WINDOWS)


def is_month(text: str) -> bool:
    """Tell whether a text is a month such as `2019-10`."""
    return _MONTH.fullmatch(text) is not None


def first_day(month: str) -> date:
    """Return the first day of a month."""
    return date.fromisoformat(f"{month}-01")


def month_of(day: date) -> str:
    """Return the month of a day, as `2019-10`."""
    return f"{day.year:04d}-{day.month:02d}"


def add_months(day: date, months: int) -> date:
    """Return the first day of the month that lies some months after (or before) a day's."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


def as_of(month: str) -> date:
    """Return the reference date of a month's end: the first day after it."""
    return add_months(first_day(month), 1)


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Return all months from the first to the last, both included."""
    start, end = first_day(first), first_day(last)
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return tuple(month_of(add_months(start, offset)) for offset in range(count))


def window_start(reference: date, months: int) -> date:
    """Return the first day of a trailing window of calendar months.

    The month in which the day before the reference date lies counts as the first of them.
    """
    return add_months(reference - timedelta(days=1), 1 - months)


def trailing_months(month: str, count: int = HISTORY) -> tuple[str, ...]:
    """Return the months of the window that ends with a month, oldest first."""
    return months_between(month_of(add_months(first_day(month), 1 - count)), month)
