"""Where the lake's files are in a bucket: the side that `storage` is on a disk.

A partition is a manifest, `<root>/.store/<table>/month=2019-10.json`: the list of the files of its
version, which lie in `.store/<table>/versions/month=2019-10/<id>/shard=07/`. A version is written
in full, and then the manifest is written under the condition that it still is the one that was
read: readers see the old partition or the new one. Of two who publish at once the later one wins,
as on a disk; a version that began from files of the current one is refused instead, for it may lack
what has come since.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

from amazing_assets.cadence import CADENCES
from amazing_assets.lake import lease, objects
from amazing_assets.lake.bucket_notes import change_note, decide, deciding, note, write_note_once
from amazing_assets.lake.bucket_versions import (
    begin,
    begin_from,
    scan,
    shard_of,
    sweep,
    sweep_all,
    written,
)
from amazing_assets.lake.manifest import read_manifest, store_of
from amazing_assets.lake.storage import COMPRESSION, STORE, Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from amazing_assets.cadence import Cadence
    from amazing_assets.locations import BucketPath

# What tables ask of a side; `sides` lists it.
__all__ = [
    "begin",
    "begin_from",
    "change_note",
    "decide",
    "deciding",
    "holds_anything",
    "holds_partitions",
    "note",
    "parts",
    "published",
    "scan",
    "shard_folder",
    "shard_of",
    "show_again",
    "sweep",
    "sweep_all",
    "tables",
    "version_of",
    "write",
    "write_all",
    "write_note_once",
    "written",
]

# Objects that are asked for, or written, at a time: a history has eight manifests of each table.
_AT_A_TIME = 8


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
    files = [store_of(table) / path for path in sorted(known.files)]
    return Part(
        [file for file in files if shard is None or shard_of(file) == shard],
        lambda: known.columns,
    )


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


def show_again(_table: BucketPath) -> None:
    """Show nothing: others follow the manifests, as we do."""


def write(frame: pl.DataFrame, file: BucketPath) -> None:
    """Write a file; nobody sees half of it."""
    kept = BytesIO()
    frame.write_parquet(kept, **COMPRESSION)
    objects.write(file, kept.getvalue())


def write_all(frames: Mapping[BucketPath, pl.DataFrame]) -> None:
    """Write files, each frame to its place: several at a time, for each waits for its answer."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        list(pool.map(write, frames.values(), frames.keys()))
