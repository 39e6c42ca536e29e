"""Into how many shards a lake is cut: decided by its first month, and kept for ever.

The number is stored beside the data. Too few make a step hold much at once, too many make crumbs of
a small shop, of which each costs a file per table and a call per step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.lake.sides import side_of
from amazing_assets.lake.storage import NUMBER_OF_SHARDS, LakeError

if TYPE_CHECKING:
    from amazing_assets.locations import Location

FEWEST_SHARDS, MOST_SHARDS = 4, 64

# A step on the summaries holds 0.7 GB of shards of so many, and 0.9 GB of twice as many, in the
# same seconds.
EVENTS_A_SHARD = 1_000_000


def shards_for(events: int) -> int:
    """Return the number of shards of a lake whose first month has so many events."""
    return min(max(events // EVENTS_A_SHARD, FEWEST_SHARDS), MOST_SHARDS)


def shards_of(root: Location) -> int | None:
    """Return the number of shards of a lake; None while it is not decided."""
    known = side_of(root).note(root, NUMBER_OF_SHARDS)
    # Empty: an earlier version was killed between making and writing the file.
    return int(known) if known else None


def decide_shards(root: Location, shards: int) -> int:
    """Store the number of shards of a lake that holds nothing yet, and return the one it has.

    A month that was refused leaves a number and nothing else: the next one decides anew.
    """
    side = side_of(root)

    def is_free() -> bool:
        return not side.holds_anything(root)

    return int(side.decide(root, NUMBER_OF_SHARDS, str(shards), is_free))


def insist_on_shards(root: Location, shards: int) -> None:
    """Store the number of shards that somebody asked for.

    Raises:
        LakeError: The lake has another number of shards, and never mixes two.
    """
    known = decide_shards(root, shards) if shards_of(root) != shards else shards
    if known != shards:
        raise LakeError(
            f"The lake {root} has {known} shards, AMAZING_SHARDS says {shards}; "
            f"set AMAZING_SHARDS={known}, or give the new lake a folder of its own."
        )
