"""The rule: whether the life of what is kept is over. The day comes in; there is no clock here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from amazing_assets.cadence import MONTHLY, cadence_of
from amazing_assets.dates import add_months, is_month, trailing_months

if TYPE_CHECKING:
    from collections.abc import Mapping

# Which life each table has that is about customers; figures of crowds have none.
LIFE_OF_TABLES = {
    "raw_events": "raw_events",
    "rejected_events": "raw_events",
    "clean_events": "clean_events",
    "sessions": "clean_events",
    "user_products": "clean_events",
    "price_book": "clean_events",
    "contacts": "clean_events",
    "user_features": "features",
    "action_sequences": "features",
    "next_action_vectors": "features",
    "customer_view": "features",
    "segment_assignments": "scores",
    "next_action_probabilities": "scores",
    "customer_value": "scores",
    "churn_scores": "scores",
}

# What later months look back on.
_LOOKED_BACK_ON = ("raw_events", "clean_events", "features")

_DATED = re.compile(r"(?<!\d)\d{4}-\d{2}(?:-\d{2})?(?!\d)")


@dataclass(frozen=True)
class Lives:
    """How long everything lives, on a day.

    Attributes:
        months: Of what has a life, by name; what is not named lives for ever.
        today: The day.
        newest: The newest month of events that is kept; None: there is none.
    """

    months: Mapping[str, int] = field(default_factory=dict)
    today: date = date.min
    newest: str | None = None

    def bound(self, name: str) -> date | None:
        """Return the day until which all that ended before is over; None: it lives for ever."""
        life = self.months.get(name)
        return None if life is None else add_months(self.today, -life)

    def is_over(self, name: str, key: str) -> bool:
        """Whether the life of a month or a week is over; it begins when the month or week ends.

        The months that the newest one looks back on stay as long as that one does: its features,
        and those of the next month, are made of them.
        """
        bound = self.bound(name)
        if bound is None or cadence_of(key).as_of(key) > bound:
            return False
        return name not in _LOOKED_BACK_ON or not self._is_needed(key, bound)

    def is_over_in(self, table: str, key: str) -> bool:
        """Whether the life of a partition of a table is over; tables of crowds have none."""
        name = LIFE_OF_TABLES.get(table)
        return name is not None and self.is_over(name, key)

    def is_over_since(self, name: str, day: date) -> bool:
        """Whether the life of what was made on a day is over."""
        bound = self.bound(name)
        return bound is not None and day < bound

    def is_over_of(self, name: str, text: str, made: date) -> bool:
        """Whether the life of a file is over: by the date in its name, else by when it was made."""
        return self.is_over_since(name, day_in(text) or made)

    def _is_needed(self, key: str, bound: date) -> bool:
        newest = self.newest
        if newest is None or MONTHLY.as_of(newest) <= bound:
            return False
        return not set(cadence_of(key).months(key)).isdisjoint(trailing_months(newest))


def day_in(text: str) -> date | None:
    """Return the day that a file's name tells of, of a month its last; None: it tells of none."""
    for found in _DATED.findall(text):
        if is_month(found):
            return MONTHLY.as_of(found) - timedelta(days=1)
        try:
            return date.fromisoformat(found)
        except ValueError:
            continue
    return None
