"""When what failed is tried again: soon at first, ever more rarely, in the end no more."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# A program that holds the warehouse is closed after a few minutes or at the end of a day; a full
# disk is cleared by whoever read the alert.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=45),
    timedelta(hours=2),
)
LATER_PAUSES = timedelta(hours=6)

# What has failed for longer waits for a person, who was told of every failure.
LONGEST = timedelta(days=3)


def next_attempt(failures: Sequence[datetime]) -> datetime | None:
    """Return when to try again, None once it was tried for long enough.

    Args:
        failures: When each attempt since the last success ended, the oldest first; at least one.
    """
    pauses = chain(PAUSES, repeat(LATER_PAUSES))
    due = failures[-1] + next(islice(pauses, len(failures) - 1, None))
    return due if due - failures[0] <= LONGEST else None
