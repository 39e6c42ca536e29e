"""What is written down beside the tables of a lake in a bucket, by writes under a condition."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from typing import TYPE_CHECKING

from amazing_assets.lake import objects
from amazing_assets.lake.storage import NUMBER_OF_SHARDS, LakeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from amazing_assets.locations import BucketPath

# More who write the same note at the same moment there never are.
_ATTEMPTS = 20


def note(root: BucketPath, name: str) -> str | None:
    """Return what is written down beside the tables under a name; None: nothing is."""
    found = objects.read(root / name)
    return _said(found) if found else None


def write_note_once(root: BucketPath, name: str, text: str) -> None:
    """Write something down beside the tables, unless it was written already."""
    objects.create(root / name, text.encode())


def change_note(root: BucketPath, name: str, change: Callable[[str], str]) -> None:
    """Write something down in place of what is written there, as nobody else changes it meanwhile.

    Args:
        root: The place of the note.
        name: Of the note.
        change: Returns what it says from now on; what is not written down yet is empty.
    """
    for _ in range(_ATTEMPTS):
        found = objects.read(root / name)
        text = change(_said(found) if found else "").encode()
        if found is None and objects.create(root / name, text) is not None:
            return
        if found and objects.replace(root / name, text, found.tag) is not None:
            return
    raise LakeError(f"Too many change {root / name} at once; run it again.")


def deciding(_root: BucketPath) -> AbstractContextManager[object]:
    """Have nobody wait: what is decided in a bucket is decided by writes under a condition."""
    return nullcontext()


def decide(root: BucketPath, name: str, text: str, is_free: Callable[[], bool]) -> str:
    """Write something down beside the tables; return what is written down there.

    Args:
        root: The lake's place.
        name: Of the note.
        text: What it shall say, a single word.
        is_free: Whether a note that says something else may be replaced.
    """
    for _ in range(_ATTEMPTS):
        found = objects.read(root / name)
        if found and (_said(found) == text or not is_free()):
            return _said(found)
        if _write_anew(root / name, text, found):
            return text
    raise LakeError(f"Too many begin the lake {root} at once; run it again.")


def bind_number(root: BucketPath) -> None:
    """Have whoever found the lake empty, and decides on its shards, look again.

    The lease of a version is there before this. Whoever looked before it wrote the number before
    this, or now finds it to be another object.
    """
    path = root / NUMBER_OF_SHARDS
    for _ in range(_ATTEMPTS):
        found = objects.read(path)
        if found is None or _write_anew(path, _said(found), found):
            return


def _write_anew(path: BucketPath, text: str, found: objects.Found | None) -> bool:
    # What is told apart is bytes: the second word is another one each time.
    data = f"{text} {uuid.uuid4().hex[:12]}".encode()
    if found is None:
        return objects.create(path, data) is not None
    return objects.replace(path, data, found.tag) is not None


def _said(found: objects.Found) -> str:
    return found.data.decode().split(" ")[0].strip()
