"""Who holds a DuckDB file open, and what somebody who waits for it is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amazing_assets.errors import quoted
from amazing_assets.warehouse.warehouse import copy_of

Tell = Callable[[str], None]

# DuckDB refuses a file that another process has open for writing. A month of the largest table is
# written in two seconds, so that who waits this long meets no writer of ours but an open session.
PATIENCE_SECONDS = 15.0

# Longer than a write of ours: who waits for less need not know.
_TOLD_AFTER_SECONDS = 5.0

# Often enough to see that the wait goes on, and a log stays short.
_TOLD_EVERY_SECONDS = 60.0

_PROCESS = re.compile(r"\(PID (\d+)\)")

# Longer than any name of a program that the machine tells.
_LONGEST_NAME = 40

_LONGEST_PATH = 200


def untold(sentence: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Waiting:
    """How long is waited for a file, and who is told.

    Attributes:
        patience: For how many seconds.
        tell: Is given a sentence once the wait is felt, and again every minute.
    """

    patience: float = PATIENCE_SECONDS
    tell: Tell = untold


def is_due(waited: float, told: int) -> bool:
    """Whether a wait of some seconds is to be told, having been told so many times before."""
    return waited >= _TOLD_AFTER_SECONDS + told * _TOLD_EVERY_SECONDS


def holder(refusal: str) -> str:
    """Return who holds the file, by what DuckDB says when it refuses to open it."""
    process = _PROCESS.search(refusal)
    if process is None:
        return "another process"
    try:
        # Linux tells it of everybody's processes; elsewhere the number must do.
        name = Path(f"/proc/{process[1]}/comm").read_text(errors="replace").strip()
    except OSError:
        return f"process {process[1]}"
    return f"process {process[1]} ({quoted(name, _LONGEST_NAME)})"


def waits(file: Path, refusal: str, left: float) -> str:
    """Return what is told while somebody waits, with the seconds that are left."""
    return (
        f"Waiting for the warehouse {shown(file)}, which is held by {holder(refusal)}; close that "
        f"program to go on at once, or the wait ends in {_seconds(round(left))}."
    )


def gave_up(file: Path, refusal: str, patience: float) -> str:
    """Return what is said when the patience is at its end."""
    return (
        f"The warehouse {shown(file)} is held by {holder(refusal)}, which has not let go of it in "
        f"{_seconds(patience)}; wait until that run is over, or close the program that has the "
        f"file open, and try again; to look at tables beside runs, open {copy_of(file).name} "
        f"beside it."
    )


def shown(file: Path) -> str:
    """Return the path of a warehouse as a sentence shows it."""
    return quoted(file, _LONGEST_PATH)


def _seconds(number: float) -> str:
    return f"{number:g} second" if number == 1 else f"{number:g} seconds"
