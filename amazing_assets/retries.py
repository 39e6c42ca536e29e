"""When what failed is tried again: soon at first, ever more rarely, in the end no more."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain, islice, pairwise, repeat
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

# A machine that was off over a long weekend still tries again what failed before it.
FORGOTTEN = timedelta(days=7)

# Who reads failures reads so far back: of what is not forgotten none is missed.
LOOKS_BACK = FORGOTTEN + LONGEST

# Longer than any pause: what fails after it fails for another reason, and is new.
_ANOTHER_TIME = timedelta(days=1)


def next_attempt(failures: Sequence[datetime], now: datetime) -> datetime | None:
    """Return when to try again, None once it was tried for long enough.

    Args:
        failures: When each attempt since the last success ended, the oldest first; at least one.
        now: A moment after all of them.
    """
    series = _same_series(failures)
    pauses = chain(PAUSES, repeat(LATER_PAUSES))
    due = series[-1] + next(islice(pauses, len(series) - 1, None))
    is_tried = due - series[0] <= LONGEST and now - series[0] <= FORGOTTEN
    return due if is_tried else None


def _same_series(failures: Sequence[datetime]) -> Sequence[datetime]:
    begins = [
        place
        for place, (before, after) in enumerate(pairwise(failures), start=1)
        if after - before > _ANOTHER_TIME
    ]
    return failures[max(begins, default=0) :]
