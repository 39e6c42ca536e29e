"""What is written down beside the tables of a lake in a folder: by one process after the other."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from amazing_assets.lake.lock import hold
from amazing_assets.whole_files import write_once, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

_DECIDING = "shards.lock"


def note(root: Path, name: str) -> str | None:
    """Return what is written down beside the tables under a name; None: nothing is."""
    file = root / name
    return file.read_text().strip() if file.exists() else None


def write_note_once(root: Path, name: str, text: str) -> None:
    """Write something down beside the tables, unless it was written already."""
    write_once(root / name, text.encode())


def deciding(root: Path) -> AbstractContextManager[object]:
    """Have what is decided of a lake stay what it is until the end of the block."""
    root.mkdir(parents=True, exist_ok=True)
    return closing(hold(root / _DECIDING))


def change_note(root: Path, name: str, change: Callable[[str], str]) -> None:
    """Write something down in place of what is written there, one process after the other.

    Args:
        root: The folder of the note.
        name: Of the note.
        change: Returns what it says from now on; what is not written down yet is empty.
    """
    root.mkdir(parents=True, exist_ok=True)
    with closing(hold(root / "lock")):
        # Lost, an erased customer would come back with the next file.
        write_whole(root / name, change(note(root, name) or "").encode())


def decide(root: Path, name: str, text: str, is_free: Callable[[], bool]) -> str:
    """Write something down beside the tables; return what is written down there.

    Args:
        root: The lake's folder.
        name: Of the note.
        text: What it shall say.
        is_free: Whether a note that says something else may be replaced.
    """
    with deciding(root):
        known = note(root, name)
        # Empty: an earlier version was killed between making and writing the file.
        if known and (known == text or not is_free()):
            return known
        (root / name).unlink(missing_ok=True)
        write_once(root / name, text.encode())
        return text
