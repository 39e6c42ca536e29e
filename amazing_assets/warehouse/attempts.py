"""What is done again when a server was away for a moment."""

from __future__ import annotations

import time
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

from amazing_assets.warehouse.connection import ServerAwayError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from amazing_assets.warehouse.waiting import Tell

T = TypeVar("T")

# Together half a minute: a server that restarts, or fails over, is back by then.
PAUSES_SECONDS = (1, 2, 4, 8, 16)


def pauses_within(patience: float) -> tuple[float, ...]:
    """Return the pauses between attempts that are over within some seconds."""
    whole = zip(PAUSES_SECONDS, accumulate(PAUSES_SECONDS), strict=True)
    return tuple(pause for pause, over in whole if over <= patience)


def attempted(attempt: Callable[[], T], tell: Tell, pauses: Sequence[float]) -> T:
    """Return what an attempt returns, the first or one after a pause.

    Args:
        attempt: Changes nothing when it fails.
        tell: Is given a sentence before each pause.
        pauses: In seconds.

    Raises:
        WarehouseError: The server refuses, or is still away.
    """
    for pause in pauses:
        try:
            return attempt()
        except ServerAwayError as error:
            tell(f"{error} Another attempt follows in {pause:g} s.")
            time.sleep(pause)
    return attempt()
