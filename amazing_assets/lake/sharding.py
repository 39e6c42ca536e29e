"""Into how many shards a lake is cut: decided by its first month, and kept for ever.

The number is stored beside the data. Too few make a step hold much at once, too many make crumbs of
a small shop, of which each costs a file per table and a call per step.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from amazing_assets.lake import storage
from amazing_assets.lake.lock import hold
from amazing_assets.pseudonym import write_once

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import IO

FEWEST_SHARDS, MOST_SHARDS = 4, 64

# Two million a shard held twice the memory in no fewer seconds.
EVENTS_A_SHARD = 1_000_000

_NUMBER, _LOCK = "shards", "shards.lock"


def shards_for(events: int) -> int:
    """Return the number of shards of a lake whose first month has so many events."""
    return min(max(events // EVENTS_A_SHARD, FEWEST_SHARDS), MOST_SHARDS)


def shards_of(root: Path) -> int | None:
    """Return the number of shards of a lake; None while it is not decided."""
    file = root / _NUMBER
    # Empty: an earlier version was killed between making and writing the file.
    known = file.read_text() if file.exists() else ""
    return int(known) if known else None


def deciding(root: Path) -> AbstractContextManager[IO[bytes]]:
    """Have the number stay what it is until the end of the block, whoever else asks."""
    root.mkdir(parents=True, exist_ok=True)
    return closing(hold(root / _LOCK))


def decide_shards(root: Path, shards: int) -> int:
    """Store the number of shards of a lake that holds nothing yet, and return the one it has.

    A month that was refused leaves a number and nothing else: the next one decides anew.
    """
    with deciding(root):
        known = shards_of(root)
        if known is None or (known != shards and not storage.holds_anything(root)):
            (root / _NUMBER).unlink(missing_ok=True)
            write_once(root / _NUMBER, str(shards))
            return shards
    return known


def insist_on_shards(root: Path, shards: int) -> None:
    """Store the number of shards that somebody asked for.

    Raises:
        LakeError: The lake has another number of shards, and never mixes two.
    """
    known = decide_shards(root, shards) if shards_of(root) != shards else shards
    if known != shards:
        raise storage.LakeError(
            f"The lake {root} has {known} shards, AMAZING_SHARDS says {shards}; "
            f"set AMAZING_SHARDS={known}, or give the new lake a folder of its own."
        )
