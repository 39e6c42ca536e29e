"""Where the lake's files are: the one module that knows paths.

`<root>/<table>/month=2019-10/shard=07/*.parquet`. A month is a symbolic link to a version beside
it (`<root>/<table>/.versions/...`); a new version is written in full and the link is then
replaced by a rename, which the operating system makes atomic: readers see the old month or the
new one. Directories themselves cannot be exchanged atomically by portable means.
"""

from __future__ import annotations

import os
import shutil
import uuid
from typing import TYPE_CHECKING

from amazing_assets.dates import is_month
from amazing_assets.errors import PlainError
from amazing_assets.lake.lock import hold, is_held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "writer.lock"


class LakeError(PlainError):
    """The lake cannot be used as it is asked to be."""


class Version:
    """A month of a table in the making; unseen by readers until it is published.

    The writer holds a lock on it that ends with the process, however it ends, so that versions
    left by killed processes are recognised and swept, and those of living ones are not.
    """

    def __init__(self, table: Path, month: str) -> None:
        self.table, self.month = table, month
        self.folder = table / ".versions" / f"{month}.{uuid.uuid4().hex[:12]}"
        self.folder.mkdir(parents=True)
        self._lock = hold(self.folder / _LOCK)

    def shard(self, shard: int) -> Path:
        """Return the folder of a shard, made if need be."""
        folder = self.folder / f"shard={shard:02d}"
        folder.mkdir(exist_ok=True)
        return folder

    def publish(self) -> None:
        """Make this version the month that readers see."""
        link = self.table / f"month={self.month}"
        beside = self.folder.with_suffix(".link")
        beside.symlink_to(os.path.relpath(self.folder, self.table))
        beside.replace(link)
        # The version before stays until the month is written again: somebody may be reading it.
        self._lock.close()

    def discard(self) -> None:
        """Delete what was written."""
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep(table: Path, month: str) -> None:
    """Delete the versions of a month that nobody reads or writes any more."""
    link = table / f"month={month}"
    current = link.resolve() if link.is_symlink() else None
    for left in (table / ".versions").glob(f"{month}.*"):
        if left.is_symlink():
            left.unlink(missing_ok=True)
        elif left != current and not is_held(left / _LOCK):
            shutil.rmtree(left, ignore_errors=True)


def published_months(table: Path) -> tuple[str, ...]:
    """Return the months that a table has, oldest first."""
    names = (link.name.removeprefix("month=") for link in table.glob("month=*"))
    return tuple(sorted(name for name in names if is_month(name)))


def shard_files(table: Path, month: str, shard: int) -> list[Path]:
    """Return the files of one shard of a month, resolved to the version of this moment."""
    return sorted((table / f"month={month}").resolve().glob(f"shard={shard:02d}/*.parquet"))


def month_files(table: Path, month: str) -> list[Path]:
    """Return the files of a month, resolved to the version of this moment."""
    return sorted((table / f"month={month}").resolve().glob("shard=*/*.parquet"))


def remember_shards(root: Path, shards: int) -> None:
    """Store the number of shards beside the data; a lake never mixes two.

    Raises:
        LakeError: The lake has another number of shards.
    """
    root.mkdir(parents=True, exist_ok=True)
    file = root / "shards"
    try:
        with file.open("x") as new:
            new.write(str(shards))
    except FileExistsError:
        known = file.read_text()
        # Empty: killed between making and writing the file, so nothing was written after it.
        if not known:
            file.write_text(str(shards))
        elif int(known) != shards:
            raise LakeError(
                f"The lake {root} has {known} shards, AMAZING_SHARDS says {shards}; "
                f"set AMAZING_SHARDS={known}, or give the new lake a folder of its own."
            ) from None


def tables(root: Path) -> Iterator[str]:
    """Yield the names of the lake's tables."""
    yield from sorted(folder.name for folder in root.iterdir() if folder.is_dir())
