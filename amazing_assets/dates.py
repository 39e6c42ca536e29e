"""Months, weeks, windows and reference dates. Everything is UTC.

A month is written `2019-10`; its reference date `as_of` is the first day after it, and a
snapshot sees events strictly before `as_of` 00:00. A week runs from Tuesday to Tuesday: the one
that begins it is how it is written, `2019-10-01`, the one that ends it is its reference date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")

# Trailing windows of the features, in months. The longest is also "the history": a snapshot
# combines at most seven monthly summaries, so its cost does not grow with the past.
WINDOWS = (2, 5, 7)
HISTORY = max(WINDOWS)

WEEK = timedelta(days=7)
_TUESDAY = 2  # as `date.isoweekday` counts
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


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


def is_week(text: str) -> bool:
    """Tell whether a text is a week: the Tuesday that begins it, such as `2019-10-01`."""
    if _DAY.fullmatch(text) is None:
        return False
    try:
        return date.fromisoformat(text).isoweekday() == _TUESDAY
    except ValueError:
        return False


def week_start(week: str) -> date:
    """Return the Tuesday on which a week begins."""
    return date.fromisoformat(week)


def week_end(week: str) -> date:
    """Return the reference date of a week: the Tuesday after it."""
    return week_start(week) + WEEK


def week_ending(reference: date) -> str:
    """Return the week of which a Tuesday is the reference date."""
    return (reference - WEEK).isoformat()


def months_of_week(week: str) -> tuple[str, ...]:
    """Return the one or two months in which a week has days."""
    return months_between(month_of(week_start(week)), month_of(week_end(week) - timedelta(days=1)))


def weeks_ending_in(month: str) -> tuple[str, ...]:
    """Return the weeks whose last day, a Monday, lies in a month, oldest first."""
    first, after = first_day(month), as_of(month)
    # The first Tuesday after the month's first day ends a week whose Monday is in the month.
    ending = first + timedelta(days=(_TUESDAY - first.isoweekday() - 1) % 7 + 1)
    count = (after - ending).days // 7 + 1
    return tuple(week_ending(ending + n * WEEK) for n in range(count))
