"""Months that are not read again, for their life is over.

A month that was removed would come back with its files, which may lie where they landed for ever.
"""

from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.privacy import lives_of
from amazing_assets.errors import PlainError

_EVENTS = "raw_events"


class OutlivedError(PlainError):
    """A month is older than its events are kept."""


def outlived(month: str) -> str:
    """Return the sentence that refuses a month."""
    return (
        f"{month} is older than AMAZING_RETENTION keeps raw_events, so that its files are not "
        f"read; give raw_events more months to read it."
    )


def refuse_outlived(month: str) -> None:
    """Refuse to read a month whose life is over.

    Raises:
        OutlivedError: It is.
    """
    if lives_of(SETTINGS).is_over(_EVENTS, month):
        raise OutlivedError(outlived(month))


def is_readable(month: str) -> bool:
    """Whether a month is one of ours, and its life lasts."""
    return MONTHS.has_partition_key(month) and not lives_of(SETTINGS).is_over(_EVENTS, month)
