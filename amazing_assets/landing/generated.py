"""Which landing files a generator wrote: invented customers and real ones never lie together.

Beside its files the generator leaves `truth/files.json`: the SHA-256 of each, by name.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from amazing_assets.landing.names import month_of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

TRUTH = "truth"
MANIFEST = f"{TRUTH}/files.json"


@dataclass(frozen=True)
class Manifest:
    """What a generator wrote into a place.

    Attributes:
        files: The digest of each file by its path in the place, those of the truth among them.
        is_finished: Whether all of them lie there; not so while they are put there.
    """

    files: Mapping[str, str]
    is_finished: bool = True

    @property
    def world(self) -> str:
        """What tells one generated world from another."""
        events = {name: known for name, known in self.files.items() if month_of_file(name)}
        text = json.dumps(events, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def text(self) -> str:
        """The manifest as it is written down."""
        said = {"finished": self.is_finished, "files": dict(self.files)}
        return json.dumps(said, indent=2) + "\n"


def parsed(text: bytes | None) -> Manifest | None:
    """Return the manifest that a file holds; None: nothing was generated, or the file is no such.

    One that lists nothing is of a generator that was killed before any of its files lay there.
    """
    try:
        said: Any = json.loads(text or b"null")
    except ValueError:
        return None
    if not isinstance(said, dict) or not said:
        return None
    # As it was written for some days of November 2026: without the truth, null while unfinished.
    listed = said.get("files", said)
    if not isinstance(listed, dict) or not listed:
        return None
    files = {str(name): str(known) for name, known in listed.items() if known}
    return Manifest(files, bool(said.get("finished", len(files) == len(listed))))


def strangers(
    files: Iterable[tuple[str, Callable[[], BinaryIO]]], manifest: Manifest, month: str
) -> list[str]:
    """Return the event files of a place that were not generated, by name.

    Args:
        files: All that lie there: the name of each, and what opens it.
        manifest: What was generated.
        month: Of this month's files the bytes are looked at, of the others, which may be large,
            the names.
    """
    return [
        name
        for name, fetch in files
        if (its_month := month_of_file(name))
        and (
            name not in manifest.files
            or (its_month == month and digest(fetch) != manifest.files[name])
        )
    ]


def digest(fetch: Callable[[], BinaryIO]) -> str:
    """Return the SHA-256 of what is opened."""
    with fetch() as stored:
        found = hashlib.sha256()
        while block := stored.read(1 << 20):
            found.update(block)
        return found.hexdigest()


def manifest_of(folder: Path) -> Manifest | None:
    """Return what was generated into a folder; None if nothing was."""
    file = folder / MANIFEST
    return parsed(file.read_bytes()) if file.is_file() and not file.is_symlink() else None
