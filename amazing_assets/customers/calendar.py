"""The days on which shops expect their customers: sales and holidays."""

from __future__ import annotations

from datetime import date, timedelta

# Month, first and last day, every year: Singles' Day, the weeks around Christmas and New Year,
# St Valentine's, Defender's Day and Women's Day.
_EVERY_YEAR = ((11, 11, 11), (12, 20, 31), (2, 14, 14), (2, 23, 23), (3, 8, 8))

# The shop's own sale: 185 195 purchases on 17 November 2019, seven times a usual day's.
_SALES = ((date(2019, 11, 14), date(2019, 11, 17)),)


def calendar_days(first: date, last: date) -> list[date]:
    """Return the days of the calendar from one date to another, both included, ascending."""
    years = range(first.year, last.year + 1)
    spans = [
        (date(year, month, start), date(year, month, end))
        for year in years
        for month, start, end in _EVERY_YEAR
    ]
    black_fridays = [_black_friday(year) for year in years]
    spans += [(friday, friday + timedelta(days=3)) for friday in black_fridays]
    spans += _SALES
    days = {
        start + timedelta(days=offset)
        for start, end in spans
        for offset in range((end - start).days + 1)
    }
    return sorted(day for day in days if first <= day <= last)


def _black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    to_thursday = (3 - first.weekday()) % 7
    return first + timedelta(days=to_thursday + 21 + 1)
