"""Where the lake's files are in a bucket: the side that `storage` is on a disk.

A partition is a manifest, `<root>/.store/<table>/month=2019-10.json`: the list of the files of its
version, which lie in `.store/<table>/versions/month=2019-10/<id>/shard=07/`. A version is written
in full, and then the manifest is written under the condition that it still is the one that was
read: readers see the old partition or the new one. Of two who publish at once the later one wins,
as on a disk; a version that began from files of the current one is refused instead, for it may lack
what has come since.
"""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.cadence import CADENCES
from amazing_assets.lake import lease, objects
from amazing_assets.lake.manifest import (
    Manifest,
    read_manifest,
    store_of,
    switch,
    versions_of,
)
from amazing_assets.lake.storage import COMPRESSION, NUMBER_OF_SHARDS, STORE, LakeError, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta

    from amazing_assets.cadence import Cadence
    from amazing_assets.lake.objects import Listed
    from amazing_assets.places import BucketPath

# More who publish the same partition at the same moment there never are.
_ATTEMPTS = 20

# Manifests that are asked for at a time: a history has eight of each table.
_AT_A_TIME = 8


class Version:
    """A partition of a table in the making; unseen by readers until it is published."""

    def __init__(self, table: BucketPath, key: str) -> None:
        self.table, self.key, self.id = table, key, uuid.uuid4().hex[:12]
        self.folder = versions_of(table, key) / self.id
        # First, so that whoever comes later knows of it.
        self.lease = lease.Lease(self.folder / lease.NAME)
        self._kept: dict[str, int] = {}
        self._began_from: str | None = None

    def start_from_current(self, shards: Collection[int]) -> None:
        """Take over the files of some shards of the partition that readers see.

        Raises:
            LakeError: There is no such partition.
        """
        found = read_manifest(self.table, self.key)
        if found is None:
            raise LakeError(f"There is no {self.key} of {self.table.name} to begin from.")
        files = found.manifest.files
        self._began_from = found.manifest.version
        self._kept = {path: size for path, size in files.items() if _shard(path) in shards}

    def publish(self) -> None:
        """Make this version the partition that readers see.

        Raises:
            LakeError: The partition that it began from was made again meanwhile, or the writer was
                taken for dead.
        """
        self.lease.confirm()
        store = store_of(self.table)
        files = self._kept | {
            _within(each.path, store): each.bytes for each in _parquet(objects.listed(self.folder))
        }
        columns = _columns(store / next(iter(files)))
        for _ in range(_ATTEMPTS):
            if self._switch(files, columns):
                self.lease.end()
                return
        raise LakeError(f"Too many publish {self.key} of {self.table.name} at once; run it again.")

    def _switch(self, files: dict[str, int], columns: dict[str, str]) -> bool:
        found = read_manifest(self.table, self.key)
        current = found.manifest if found else None
        if self._began_from not in {None, current and current.version}:
            raise LakeError(
                f"{self.table.name} {self.key} was made again while a part of it was rewritten; "
                f"run it again."
            )
        new = Manifest(self.id, files, columns, tuple(current.files) if current else ())
        return switch(self.table, self.key, new, found)

    def discard(self) -> None:
        """Delete what was written."""
        objects.delete(each.path for each in objects.listed(self.folder))
        self.lease.end()


def begin(table: BucketPath, key: str) -> Version:
    """Begin a version of a partition; what dead writers left of it is swept."""
    version = Version(table, key)
    sweep(version)
    _bind_number(table.parent)
    return version


def sweep(writing: Version, lasts: timedelta = lease.LASTS, *, spares_readers: bool = True) -> None:
    """Delete the objects of a partition that nobody reads or writes any more.

    Args:
        writing: A version that was just begun: its lease tells the time.
        lasts: How long a writer is taken to be alive without a word.
        spares_readers: Whether files of the manifest before the current one stay, for somebody may
            still be reading them.
    """
    table, key = writing.table, writing.key
    found = sorted(objects.listed(versions_of(table, key)), key=lambda each: each.path.key)
    # Read after the listing: what was published in between is known, and kept.
    current = read_manifest(table, key)
    files = current.manifest.readable(spares_readers=spares_readers) if current else frozenset()
    now = next(each.modified for each in found if each.path == writing.lease.path)
    folder = versions_of(table, key)
    for name, objects_of in groupby(found, lambda each: _within(each.path, folder).split("/")[0]):
        version = list(objects_of)
        if name != writing.id and _is_dead(version, now, lasts):
            # The lease last: until then it tells the writer that it was taken for dead.
            version.sort(key=lambda each: each.path.name == lease.NAME)
            left = (each.path for each in version)
            objects.delete(path for path in left if _within(path, store_of(table)) not in files)


def _is_dead(version: Sequence[Listed], now: datetime, lasts: timedelta) -> bool:
    held = next((each for each in version if each.path.name == lease.NAME), None)
    # Without a lease it was published once, or half of it was discarded.
    return held is None or (lease.is_over(held, now, lasts) and lease.break_lease(held))


def published(table: BucketPath, cadence: Cadence) -> tuple[str, ...]:
    """Return the months, or the weeks, that a table has, oldest first."""
    prefix = cadence.folder("")
    found = (name.removesuffix(".json") for name in objects.names(store_of(table))[0])
    keys = (name.removeprefix(prefix) for name in found if name.startswith(prefix))
    return tuple(sorted(key for key in keys if cadence.is_key(key)))


def parts(table: BucketPath, keys: Sequence[str], shard: int | None = None) -> list[Part]:
    """Return the files of partitions, or of one of their shards, of the versions of this moment."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        return list(pool.map(lambda key: _part(table, key, shard), keys))


def _part(table: BucketPath, key: str, shard: int | None) -> Part:
    found = read_manifest(table, key)
    if found is None:
        return Part([], dict)
    known = found.manifest
    files = [path for path in known.files if shard is None or _shard(path) == shard]
    return Part([store_of(table) / path for path in sorted(files)], lambda: known.columns)


def version_of(table: BucketPath, key: str) -> str:
    """Return what changes whenever a partition is made again; empty: there is none."""
    found = read_manifest(table, key)
    return found.manifest.version if found else ""


def holds_partitions(root: BucketPath) -> bool:
    """Whether any table of a lake has any partition."""
    return any(published(root / table, cadence) for table in tables(root) for cadence in CADENCES)


def holds_anything(root: BucketPath) -> bool:
    """Whether a lake holds a partition, or somebody is writing one, or was killed at it."""
    return holds_partitions(root) or any(
        each.path.name == lease.NAME
        for table in tables(root)
        for each in objects.listed(store_of(root / table))
    )


def tables(root: BucketPath) -> list[str]:
    """Return the names of a lake's tables, those included of which nothing is published yet."""
    return objects.names(root / STORE)[1]


def shard_folder(version: BucketPath, shard: int) -> BucketPath:
    """Return where a shard of a version lies."""
    return version / f"shard={shard:02d}"


def written(version: BucketPath) -> list[BucketPath]:
    """Return the files of a version that were written so far."""
    return [each.path for each in _parquet(objects.listed(version))]


def write(frame: pl.DataFrame, file: BucketPath) -> None:
    """Write a file; nobody sees half of it."""
    kept = BytesIO()
    frame.write_parquet(kept, **COMPRESSION)
    objects.write(file, kept.getvalue())


def scan(files: Sequence[BucketPath]) -> pl.LazyFrame:
    """Return the rows of some files."""
    known = objects.scan_options(files[0]) if files else {}
    return pl.scan_parquet(list(map(str, files)), hive_partitioning=False, glob=False, **known)


def note(root: BucketPath, name: str) -> str | None:
    """Return what is written down beside the tables under a name; None: nothing is."""
    found = objects.read(root / name)
    return _said(found) if found else None


def write_note_once(root: BucketPath, name: str, text: str) -> None:
    """Write something down beside the tables, unless it was written already."""
    objects.create(root / name, text.encode())


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


def _bind_number(root: BucketPath) -> None:
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


def _columns(file: BucketPath) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in scan([file]).collect_schema().items()}


def _within(path: BucketPath, folder: BucketPath) -> str:
    return path.key.removeprefix(f"{folder.key}/")


def _shard(path: str) -> int:
    return int(path.rpartition("/")[0].rpartition("shard=")[2])


def _parquet(found: Iterable[Listed]) -> list[Listed]:
    return [each for each in found if each.path.name.endswith(".parquet")]
