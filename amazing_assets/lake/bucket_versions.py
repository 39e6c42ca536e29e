"""Versions of a partition in a bucket: begun, published, and deleted when nobody reads them."""

from __future__ import annotations

import uuid
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.lake import lease, objects
from amazing_assets.lake.bucket_notes import bind_number
from amazing_assets.lake.manifest import (
    Manifest,
    all_versions_of,
    read_manifest,
    store_of,
    switch,
    versions_of,
)
from amazing_assets.lake.storage import LakeError, OvertakenError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from amazing_assets.lake.objects import Listed
    from amazing_assets.locations import BucketPath

# More who publish the same partition at the same moment there never are.
_ATTEMPTS = 20


class Version:
    """A partition of a table in the making; unseen by readers until it is published."""

    def __init__(self, table: BucketPath, key: str) -> None:
        self.table, self.key, self.id = table, key, uuid.uuid4().hex[:12]
        self.folder = versions_of(table, key) / self.id
        # First, so that whoever comes later knows of it.
        self.lease = lease.Lease(self.folder / lease.NAME)
        self._base: Manifest | None = None
        self._taken: dict[str, int] = {}

    def take(self, file: BucketPath) -> None:
        """Hold a file of the partition that readers see, which is never written again.

        Raises:
            LakeError: It is no longer one of it.
        """
        if self._base is None:
            found = read_manifest(self.table, self.key)
            self._base = found.manifest if found else None
        path = _within(file, store_of(self.table))
        if self._base is None or path not in self._base.files:
            raise _overtaken(self)
        self._taken[path] = self._base.files[path]

    def publish(self) -> None:
        """Make this version the partition that readers see."""
        self.switch()
        self.release()

    def release(self) -> None:
        """Give up the lease of a version that is the partition now."""
        self.lease.end()

    def switch(self) -> None:
        """Make this version the partition that readers see.

        Raises:
            LakeError: The partition that it began from was made again meanwhile, or the writer was
                taken for dead.
        """
        self.lease.confirm()
        store = store_of(self.table)
        files = self._taken | {
            _within(each.path, store): each.bytes for each in _parquet(self.folder)
        }
        columns = _columns(store / next(iter(files)))
        for _ in range(_ATTEMPTS):
            if self._switch(files, columns):
                return
        raise LakeError(f"Too many publish {self.key} of {self.table.name} at once; run it again.")

    def _switch(self, files: dict[str, int], columns: dict[str, str]) -> bool:
        found = read_manifest(self.table, self.key)
        current = found.manifest if found else None
        if self._base and (current is None or current.version != self._base.version):
            raise _overtaken(self)
        new = Manifest(self.id, files, columns, tuple(current.files) if current else ())
        return switch(self.table, self.key, new, found)

    def discard(self) -> None:
        """Delete what was written; what cannot be is swept by whoever makes the partition again."""
        # A server that is away is why a version is discarded, and is said already.
        with suppress(Exception):
            objects.delete(each.path for each in objects.listed(self.folder))
        self.lease.end()


def begin(table: BucketPath, key: str) -> Version:
    """Begin a version of a partition; what dead writers left of it is swept."""
    version = Version(table, key)
    sweep_beside(version)
    bind_number(table.parent)
    return version


def sweep(table: BucketPath, key: str) -> None:
    """Delete the versions of a partition that nobody writes, but the current one."""
    version = Version(table, key)
    try:
        sweep_beside(version, spares_readers=False)
    finally:
        version.discard()


def sweep_all(table: BucketPath) -> bool:
    """Delete every version of a table that nobody writes, but the current ones.

    Returns whether nobody writes one.
    """
    names = objects.names(all_versions_of(table))[1]
    for name in names:
        sweep(table, name.partition("=")[2])
    left = (each for name in names for each in objects.listed(all_versions_of(table) / name))
    return not any(each.path.name == lease.NAME for each in left)


def begin_from(version: Version, file: BucketPath) -> None:
    """Have a version hold a file of the current one."""
    version.take(file)


def shard_of(file: BucketPath) -> int:
    """Return the number of the shard in whose folder a file lies."""
    return int(file.parent.name.partition("=")[2])


def sweep_beside(
    writing: Version, lasts: timedelta = lease.LASTS, *, spares_readers: bool = True
) -> None:
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


def written(version: BucketPath) -> list[BucketPath]:
    """Return the files of a version that were written so far."""
    return [each.path for each in _parquet(version)]


def scan(files: Sequence[BucketPath]) -> pl.LazyFrame:
    """Return the rows of some files."""
    known = objects.scan_options(files[0]) if files else {}
    return pl.scan_parquet(list(map(str, files)), hive_partitioning=False, glob=False, **known)


def _columns(file: BucketPath) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in scan([file]).collect_schema().items()}


def _parquet(version: BucketPath) -> list[Listed]:
    return [each for each in objects.listed(version) if each.path.name.endswith(".parquet")]


def _within(path: BucketPath, folder: BucketPath) -> str:
    return path.key.removeprefix(f"{folder.key}/")


def _overtaken(version: Version) -> OvertakenError:
    return OvertakenError(
        f"{version.table.name} {version.key} was made again while a part of it was rewritten; "
        f"run it again."
    )
