"""What is not made of what there is now, and why: decided of numbers and signatures alone.

The rule of the whole platform in one place. A month is made again when its files are others than
those it was read from, and a table when one of its inputs was made after it, or when its columns or
definitions are others today. What has no month,
models and what is told of them, makes no month stale: history that an older model
assigned is not rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# Made where there is no model yet, or when selected by name.
TRAINED = ("event_threshold", "segment_model")
FORETELLS = ("next_action_model",)

READ_FROM_FILES = "raw_events"

# Read from files that nobody has to deliver: where they never were nothing is missed.
OPTIONAL = ("contacts",)


class Cell(NamedTuple):
    """An asset in one of its partitions; without a key one that has none."""

    asset: str
    key: str | None


class Why(StrEnum):
    """Why something has to be made."""

    UNREAD = "its files were never read"
    FILES = "its files changed since they were read"
    ABSENT = "it was never made"
    OLDER = "an input was made after it"
    EARLIER = "an earlier version of the platform made it, or another time zone or calendar"
    FOLLOWS = "an input is made"


class Cause(NamedTuple):
    """Why a cell has to be made, and of which input; None: of its files, or of no one input."""

    why: Why
    of: Cell | None = None


@dataclass(frozen=True)
class Records:
    """What is known of what was made.

    Attributes:
        numbers: Of each cell that is there, the number of the event that made it last.
        changed: Cells whose files are others than those that were read, or were never read.
        outdated: Cells that wrote down their inputs, which now are others.
        earlier: Cells of other columns or definitions than those of today.
        has_champion: Whether a segment model is in use.
        foretells: Whether a next-action model is in use.
    """

    numbers: Mapping[Cell, int]
    changed: frozenset[Cell] = frozenset()
    outdated: frozenset[Cell] = frozenset()
    earlier: frozenset[Cell] = frozenset()
    has_champion: bool = True
    foretells: bool = True


def stale(
    steps: Iterable[Sequence[Cell]],
    inputs: Callable[[Cell], Sequence[Cell]],
    records: Records,
) -> dict[Cell, Cause]:
    """Return the cells that have to be made, each with its cause.

    Args:
        steps: The cells that are made together, none before those that it is made of.
        inputs: What a cell is made of.
        records: What is known of what was made.
    """
    found: dict[Cell, Cause] = {}
    for step in steps:
        causes = (_cause(cell, inputs(cell), records, found) for cell in step)
        cause = next(filter(None, causes), None)
        if cause:
            found |= dict.fromkeys(step, cause)
    return found


def root(cell: Cell, found: Mapping[Cell, Cause]) -> tuple[Cell, Cause]:
    """Return the cell that a stale one follows in the end, and why that has to be made."""
    cause = found[cell]
    while cause.why is Why.FOLLOWS and cause.of is not None:
        cell = cause.of
        cause = found[cell]
    return cell, cause


def _cause(
    cell: Cell, inputs: Sequence[Cell], records: Records, found: Mapping[Cell, Cause]
) -> Cause | None:
    has_model = dict.fromkeys(TRAINED, records.has_champion) | dict.fromkeys(
        FORETELLS, records.foretells
    )
    number = records.numbers.get(cell)
    has_new_files, was_made = cell in records.changed, number is not None
    is_missed = was_made or has_new_files or cell.asset not in OPTIONAL
    if has_model.get(cell.asset) or not is_missed:
        return None
    if has_new_files or (cell.asset == READ_FROM_FILES and not was_made):
        return Cause(Why.FILES if was_made else Why.UNREAD)
    # What it follows is told, and the own month tells more than another of the history.
    inputs = sorted(inputs, key=lambda each: each.key != cell.key)
    if follows := next((each for each in inputs if each in found), None):
        return Cause(Why.FOLLOWS, follows)
    if number is None:
        return Cause(Why.ABSENT)
    if cell in records.earlier:
        return Cause(Why.EARLIER)
    newer = next((each for each in inputs if records.numbers.get(each, 0) > number), None)
    return Cause(Why.OLDER, newer) if newer or cell in records.outdated else None
