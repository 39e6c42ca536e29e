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
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from amazing_assets.cadence import CADENCES, cadence_of
from amazing_assets.errors import PlainError
from amazing_assets.lake.lock import hold, is_held
from amazing_assets.lake.shown import is_shown, show
from amazing_assets.pseudonym import write_once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from amazing_assets.cadence import Cadence

_LOCK = "writer.lock"

# Hidden, and beside the tables: whoever reads a table's folder finds its partitions alone.
STORE = ".store"

# What is written down beside the tables.
NUMBER_OF_SHARDS = "shards"

_DECIDING = "shards.lock"

# The fastest codec level: 33 MB against 52 with lz4 and the same seconds for 2 million events.
# Statistics would only help to skip files, and the shard already says which to read.
COMPRESSION: dict[str, Any] = {"compression": "zstd", "compression_level": 1, "statistics": False}


class LakeError(PlainError):
    """The lake cannot be used as it is asked to be."""


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
        beside = self.folder.with_suffix(".link")
        if self._link.is_dir() and not self._link.is_symlink():
            # Some programs that copy a home put in place of a link what it leads to.
            self._link.rename(self.folder.with_suffix(".copied"))
        beside.symlink_to(os.path.relpath(self.folder, self._link.parent))
        beside.replace(self._link)
        # The version before stays until the next one is written: somebody may be reading it.
        show(store_of(self._table), self._table)
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


def note(root: Path, name: str) -> str | None:
    """Return what is written down beside the tables under a name; None: nothing is."""
    file = root / name
    return file.read_text().strip() if file.exists() else None


def write_note_once(root: Path, name: str, text: str) -> None:
    """Write something down beside the tables, unless it was written already."""
    write_once(root / name, text)


def deciding(root: Path) -> AbstractContextManager[object]:
    """Have what is decided of a lake stay what it is until the end of the block."""
    root.mkdir(parents=True, exist_ok=True)
    return closing(hold(root / _DECIDING))


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
        write_once(root / name, text)
        return text


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
