"""When what has failed is tried again: soon at first, then ever less often, and not for ever."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

# A lock is gone in minutes, a full disk in hours, what a person has to mend in a day.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=45),
    timedelta(hours=2),
    timedelta(hours=6),
)

# The alert of each failure has told of it for so long.
GIVES_UP_AFTER = timedelta(days=7)

# Longer than any pause: what fails after it fails for another reason, and is new.
_ANOTHER_TIME = timedelta(days=1)


def next_try(failures: Sequence[datetime]) -> datetime | None:
    """Return when to try again after failures in the order of time; None: no more.

    Args:
        failures: When each attempt ended that failed; nothing succeeded since the first of them.
    """
    series = _same_series(failures)
    if not series or series[-1] - series[0] >= GIVES_UP_AFTER:
        return None
    return series[-1] + PAUSES[min(len(series), len(PAUSES)) - 1]


def _same_series(failures: Sequence[datetime]) -> Sequence[datetime]:
    breaks = [
        place
        for place, (before, after) in enumerate(pairwise(failures), start=1)
        if after - before > _ANOTHER_TIME
    ]
    return failures[breaks[-1] :] if breaks else failures
