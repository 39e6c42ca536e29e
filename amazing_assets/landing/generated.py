"""Which landing files a generator wrote: invented customers and real ones never lie together.

Beside its files the generator leaves `truth/files.json`: the SHA-256 of each, by name.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.landing.names import month_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MANIFEST = Path("truth", "files.json")

# The digest of each generated file by name; None: it is being written.
Digests = dict[str, str | None]


def read_manifest(folder: Path) -> Digests:
    """Return what was generated into a folder; nothing if that was never done."""
    file = folder / MANIFEST
    found: Digests = json.loads(file.read_text()) if file.is_file() else {}
    return found


def announce(folder: Path, names: Iterable[str]) -> None:
    """Say which files will be written, so that a generator that was killed knows its own."""
    write_manifest(folder, dict.fromkeys(names))


def sign(folder: Path) -> None:
    """Take down the digest of every file that was announced, once they are written."""
    write_manifest(folder, {name: digest(folder / name) for name in read_manifest(folder)})


def write_manifest(folder: Path, digests: Mapping[str, str | None]) -> None:
    """Replace the manifest in one step."""
    file = folder / MANIFEST
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(digests, indent=2) + "\n")
    beside.replace(file)


def strangers(folder: Path, month: str | None = None) -> list[str]:
    """Return the event files of a folder that were not generated, by name.

    Args:
        folder: In which files land.
        month: Only of this month's files the bytes are looked at; of all if None.
    """
    generated = read_manifest(folder)
    landed = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    months = {name: month_of_file(name) for name in landed}
    return [
        name
        for name, its_month in months.items()
        if its_month
        and (
            name not in generated
            or (month in {None, its_month} and not is_generated(folder / name, generated[name]))
        )
    ]


def is_generated(file: Path, expected: str | None) -> bool:
    """Whether a file has the digest that was taken down; one being written has none yet."""
    return expected is None or expected == digest(file)


def digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with file.open("rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest()
