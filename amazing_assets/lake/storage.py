"""Where the lake's files are on a disk: beside `bucket`, the one module that knows paths.

A partition is a symbolic link to a version of it (`<root>/.store/<table>/.versions/...`); a new
version is written in full and the link is then replaced by a rename, which the operating system
makes atomic: readers see the old partition or the new one. Directories themselves cannot be
exchanged atomically by portable means. What other programs read is shown beside the store, see
`shown`. Homes of before the store keep a table's links and versions in `<root>/<table>` itself:
they are read as they are, and moved by the next draft.
"""

from __future__ import annotations

import os
import shutil
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from amazing_assets.cadence import CADENCES, cadence_of
from amazing_assets.errors import PlainError
from amazing_assets.lake.lock import hold, is_held
from amazing_assets.lake.notes import change_note, decide, deciding, note, write_note_once
from amazing_assets.lake.shown import is_shown, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from amazing_assets.cadence import Cadence

# All that is asked of this side, notes included, which have a file of their own.
__all__ = [
    "COMPRESSION",
    "NUMBER_OF_SHARDS",
    "STORE",
    "LakeError",
    "OvertakenError",
    "Part",
    "Version",
    "begin",
    "begin_from",
    "change_note",
    "decide",
    "deciding",
    "holds_anything",
    "holds_partitions",
    "move_to_store",
    "note",
    "partition_files",
    "partition_folder",
    "parts",
    "published",
    "scan",
    "shard_folder",
    "shard_of",
    "show_again",
    "store_of",
    "sweep",
    "sweep_all",
    "tables",
    "version_of",
    "write",
    "write_all",
    "write_note_once",
    "written",
]

_LOCK = "writer.lock"

# Hidden, and beside the tables: whoever reads a table's folder finds its partitions alone.
STORE = ".store"

# What is written down beside the tables.
NUMBER_OF_SHARDS = "shards"

# The fastest codec level: 33 MB against 52 with lz4 and the same seconds for 2 million events.
# Statistics would only help to skip files, and the shard already says which to read.
COMPRESSION: dict[str, Any] = {"compression": "zstd", "compression_level": 1, "statistics": False}


class LakeError(PlainError):
    """The lake cannot be used as it is asked to be."""


class OvertakenError(LakeError):
    """A partition was made again while a part of it was rewritten."""


class Part(NamedTuple):
    """What is read of a partition: all of its files, or those of a shard.

    Attributes:
        files: Where they are; none: there is no such partition.
        columns: Returns name and type of each column, as the first file has them; a type may be
            told by its name.
    """

    files: Sequence[Any]
    columns: Callable[[], Mapping[str, pl.DataType | str]]


class Version:
    """A partition of a table in the making; unseen by readers until it is published.

    The writer holds a lock on it that ends with the process, however it ends, so that versions
    left by killed processes are recognised and swept, and those of living ones are not.
    """

    def __init__(self, table: Path, key: str) -> None:
        self._table, self._link = table, partition_folder(table, key)
        self.folder = store_of(table) / ".versions" / f"{key}.{uuid.uuid4().hex[:12]}"
        self.folder.mkdir(parents=True)
        self._lock = hold(self.folder / _LOCK)

    def publish(self) -> None:
        """Make this version the partition that readers see."""
        self.switch()
        show(store_of(self._table), self._table)
        self._lock.close()

    def switch(self) -> None:
        """Make this version the partition; who lists the table's folder is shown it later.

        With many partitions at a time that is once instead of each time.
        """
        beside = self.folder.with_suffix(".link")
        if self._link.is_dir() and not self._link.is_symlink():
            # Some programs that copy a home put in place of a link what it leads to.
            self._link.rename(self.folder.with_suffix(".copied"))
        beside.symlink_to(os.path.relpath(self.folder, self._link.parent))
        # The version before stays until the next one is written: somebody may be reading it.
        beside.replace(self._link)

    def release(self) -> None:
        """Give up the lock of a version that is the partition now."""
        self._lock.close()

    def discard(self) -> None:
        """Delete what was written."""
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def store_of(table: Path) -> Path:
    """Return the folder in which a table's partitions are links to versions."""
    hidden = table.parent / STORE / table.name
    # Of before the store, or copied without what is hidden.
    is_bare = table.is_dir() and not table.is_symlink() and not hidden.is_dir()
    return table if is_bare else hidden


def move_to_store(table: Path) -> None:
    """Have a table of before the store lie in it: one rename, for its links are relative."""
    if store_of(table) == table:
        hidden = table.parent / STORE / table.name
        hidden.parent.mkdir(exist_ok=True)
        table.rename(hidden)
        show(hidden, table)


def partition_folder(table: Path, key: str) -> Path:
    """Return the link to the version of a partition that readers see.

    Raises:
        LakeError: The key is that of no partition.
    """
    try:
        return store_of(table) / cadence_of(key).folder(key)
    except ValueError as error:
        raise LakeError(f"There is no such partition of {table.name}: {error}") from None


def shard_folder(version: Path, shard: int) -> Path:
    """Return the folder of a shard of a version, made if need be."""
    folder = version / f"shard={shard:02d}"
    folder.mkdir(exist_ok=True)
    return folder


def sweep(table: Path, key: str) -> None:
    """Delete the versions of a partition that nobody reads or writes any more."""
    link, store = partition_folder(table, key), store_of(table)
    current = link.resolve() if link.is_symlink() else None
    if current and not is_shown(table, link.name, current):
        # A writer was killed just before it showed what it had published.
        show(store, table)
    for left in (store / ".versions").glob(f"{key}.*"):
        if left.is_symlink():
            left.unlink(missing_ok=True)
        elif left != current and not is_held(left / _LOCK):
            shutil.rmtree(left, ignore_errors=True)


def sweep_all(table: Path) -> bool:
    """Delete every version of a table that nobody reads or writes; False if somebody writes one.

    Those of partitions that were never published are among them.
    """
    versions = store_of(table) / ".versions"
    for key in {each.name.partition(".")[0] for each in versions.glob("*")}:
        sweep(table, key)
    return not any(is_held(each / _LOCK) for each in versions.glob("*"))


def show_again(table: Path) -> None:
    """Show a table's folder anew, once some of its partitions were switched."""
    show(store_of(table), table)


def begin_from(version: Version, file: Path) -> None:
    """Have a version hold a file of another: as a link, for nobody ever changes a file."""
    beside = shard_folder(version.folder, shard_of(file)) / file.name
    try:
        os.link(file, beside)
    except OSError:
        # Some file systems know no links of this kind.
        shutil.copy(file, beside)


def shard_of(file: Path) -> int:
    """Return the number of the shard in whose folder a file lies."""
    return int(file.parent.name.partition("=")[2])


def published(table: Path, cadence: Cadence) -> tuple[str, ...]:
    """Return the months, or the weeks, that a table has, oldest first."""
    prefix = cadence.folder("")
    names = (link.name.removeprefix(prefix) for link in store_of(table).glob(f"{prefix}*"))
    return tuple(sorted(name for name in names if cadence.is_key(name)))


def partition_files(table: Path, key: str, shard: int | None = None) -> list[Path]:
    """Return the files of a partition, or of one of its shards, of the version of this moment."""
    number = "*" if shard is None else f"{shard:02d}"
    return sorted(partition_folder(table, key).resolve().glob(f"shard={number}/*.parquet"))


def parts(table: Path, keys: Sequence[str], shard: int | None = None) -> list[Part]:
    """Return the files of partitions, or of one of their shards, of the versions of this moment."""
    return [_part(partition_files(table, key, shard)) for key in keys]


def _part(files: list[Path]) -> Part:
    return Part(files, lambda: pl.read_parquet_schema(files[0]))


def version_of(table: Path, key: str) -> str:
    """Return what changes whenever a partition is made again."""
    return str(partition_folder(table, key).resolve())


def begin(table: Path, key: str) -> Version:
    """Begin a version of a partition; what killed writers left of it is swept."""
    move_to_store(table)
    sweep(table, key)
    return Version(table, key)


def written(version: Path) -> list[Path]:
    """Return the files of a version that were written so far."""
    return sorted(version.glob("shard=*/*.parquet"))


def write(frame: pl.DataFrame, file: Path) -> None:
    """Write a file; nobody sees half of it, though two should write it at once."""
    beside = file.with_suffix(f".{uuid.uuid4().hex[:12]}")
    frame.write_parquet(beside, **COMPRESSION)
    beside.replace(file)


def write_all(frames: Mapping[Path, pl.DataFrame]) -> None:
    """Write files, each frame to its place."""
    for file, frame in frames.items():
        write(frame, file)


def scan(files: Sequence[Path]) -> pl.LazyFrame:
    """Return the rows of some files."""
    return pl.scan_parquet(list(files), hive_partitioning=False)


def holds_partitions(root: Path) -> bool:
    """Whether any table of a lake has any partition; the folder need not exist."""
    return any(published(root / table, cadence) for table in tables(root) for cadence in CADENCES)


def holds_anything(root: Path) -> bool:
    """Whether a lake holds a partition, or somebody alive is writing one."""
    return holds_partitions(root) or any(
        is_held(version / _LOCK)
        for table in tables(root)
        for version in store_of(root / table).glob(".versions/*")
    )


def tables(root: Path) -> list[str]:
    """Return the names of a lake's tables, those included of which nothing is published yet."""
    stored = {each.name for each in root.glob(f"{STORE}/*")}
    return sorted(stored | {each.name for each in root.glob("[!.]*") if each.is_dir()})
