"""How often a table is made: its partitions, how they are written and which days they hold.

A partition's key is `2019-10` of a monthly table, and of a weekly one the Tuesday on which the
week begins, `2019-10-01`: the form of a key tells its cadence. Dagster's side of a cadence, its
partitions and when a table is late, is in `defs/partitions.py` and `defs/freshness.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amazing_assets import dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


@dataclass(frozen=True)
class Cadence:
    """How often a table is made.

    Attributes:
        name: `month` or `week`: of the lake's folders, and of the column of a warehouse table that
            holds the first day of a row's partition.
        is_key: Whether a text is the key of a partition.
        first_day: The day on which a partition begins.
        as_of: Its reference date, the first day after it.
        months: The months in which a partition has days.
        complete_with: The partitions whose last day lies in a month. They can be made once the
            month's files have landed, which those that only begin in it cannot.
    """

    name: str
    is_key: Callable[[str], bool]
    first_day: Callable[[str], date]
    as_of: Callable[[str], date]
    months: Callable[[str], tuple[str, ...]]
    complete_with: Callable[[str], tuple[str, ...]]

    def folder(self, key: str) -> str:
        """Return the name of a partition's folder, as `month=2019-10`."""
        return f"{self.name}={key}"

    def history_start(self, key: str) -> date:
        """Return the first day of the history that ends with a partition."""
        return dates.window_start(self.as_of(key), dates.HISTORY)


def _alone(month: str) -> tuple[str, ...]:
    return (month,)


MONTHLY = Cadence(
    "month",
    dates.is_month,
    dates.first_day,
    dates.as_of,
    months=_alone,
    complete_with=_alone,
)
WEEKLY = Cadence(
    "week",
    dates.is_week,
    dates.week_start,
    dates.week_end,
    months=dates.months_of_week,
    complete_with=dates.weeks_ending_in,
)

CADENCES = (MONTHLY, WEEKLY)


def cadence_of(key: str) -> Cadence:
    """Return the cadence of a partition.

    Raises:
        ValueError: The text is no key.
    """
    for cadence in CADENCES:
        if cadence.is_key(key):
            return cadence
    raise ValueError(f"{key} is neither a month, as 2019-10, nor the Tuesday that begins a week.")
