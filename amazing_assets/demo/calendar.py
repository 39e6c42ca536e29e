"""What is known of single days: weekdays, the sale of November 2019, and when the log was silent.

Figures are ratios to an ordinary day of the multi-category store: purchases were 22-27 thousand
a day, 68,247 on 16 November 2019 and 185,195 on the 17th, with no row at all on the 15th.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

DAY = 86_400  # seconds

WEEKDAYS = (0.95, 0.94, 0.94, 0.99, 1.08, 1.08, 1.02)

# day: (sessions, carts per look, purchases per cart). Sessions explain a small part of the spike.
SALE = {
    date(2019, 11, 14): (1.3, 1.5, 1.0),
    date(2019, 11, 16): (1.6, 1.5, 1.1),
    date(2019, 11, 17): (2.0, 2.8, 1.5),
    date(2019, 11, 29): (1.2, 1.1, 1.0),
}
ORDINARY = (1.0, 1.0, 1.0)

# Carts were written many times over while the sale was on: one event up to 78 times.
CART_BURSTS = frozenset(date(2019, 11, day) for day in (14, 16, 17))

MISSING_DAY = date(2019, 11, 15)
OUTAGE = (datetime(2019, 10, 1, 0, 20, tzinfo=UTC), datetime(2019, 10, 1, 2, 15, tzinfo=UTC))
# 1.8 events a minute during the outage against 556 just after it.
OUTAGE_SURVIVAL = 1.8 / 556

# From this month on, category codes come from another taxonomy.
TAXONOMY_CHANGE = date(2019, 12, 1)


def sessions_on(day: date) -> float:
    """Return how many sessions a day has, an average day being 1."""
    return WEEKDAYS[day.weekday()] * SALE.get(day, ORDINARY)[0]


def eagerness_on(day: date) -> tuple[float, float]:
    """Return the factors on carts per look and on purchases per cart."""
    return SALE.get(day, ORDINARY)[1:]


def days_of(month: date) -> list[date]:
    """Return the days of a month given by its first day."""
    return [month + timedelta(days=n) for n in range(monthrange(month.year, month.month)[1])]


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return days_of(month)[-1] + timedelta(days=1)


def month_range(first: date, last: date) -> tuple[date, ...]:
    """Return the first days of all months from first to last, both included."""
    months = [first]
    while months[-1] < last:
        months.append(next_month(months[-1]))
    return tuple(months)


def ends_month(day: date) -> bool:
    """Return whether a day is the last of its month."""
    return (day + timedelta(days=1)).day == 1
