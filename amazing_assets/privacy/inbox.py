"""The folder in which files of requests lie until they are done: one customer id a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.privacy.people import ids_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder, hidden ones left out; it need not exist."""
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if each.is_file() and each.name[0] != ".")


def state_of(files: Sequence[Path]) -> str:
    """Return a text that is another one once a file is, and that names nobody."""
    known = (file.stat() for file in files if file.exists())
    return ",".join(f"{each.st_mtime_ns}:{each.st_size}" for each in known)


def ids_of(files: Sequence[Path]) -> list[int]:
    """Return the customers in files of requests.

    Raises:
        UsageError: A line is no customer id.
    """
    return [
        each
        for number, file in enumerate(files, start=1)
        # The name is not told: some write the id into it.
        for each in ids_in(file.read_text(errors="replace"), f"file {number} of the requests")
    ]
