"""A partition without some of its rows: a version that begins with the files of the current one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.lake import storage
from amazing_assets.lake.shard import scan_files

if TYPE_CHECKING:
    from pathlib import Path

# Given the rows of a file, those that remain; None: all do, and the file stays as it is.
Rewrite = Callable[[pl.LazyFrame], pl.DataFrame | None]

# The fastest codec level: 33 MB against 52 with lz4 and the same seconds for 2 million events.
_COMPRESSION_LEVEL = 1


def revised(table: Path, key: str, rewrite: Rewrite) -> int | None:
    """Switch a partition to one without some of its rows; return how many were taken out.

    Files of which all rows remain are not written again. Returns None, with nothing changed, if
    somebody else published the partition meanwhile.
    """
    files = storage.partition_files(table, key)
    version, taken = storage.Version(table, key), 0
    is_published = is_overtaken = False
    try:
        for file in files:
            taken += _revise_file(file, version, rewrite)
        is_overtaken = files != storage.partition_files(table, key)
        if taken and not is_overtaken:
            version.switch()
            is_published = True
    finally:
        if is_published:
            version.release()
        else:
            version.discard()
    return None if is_overtaken else taken


def write_rows(frame: pl.DataFrame, version: Path, shard: int, part: str) -> None:
    """Write a file of a shard of a version."""
    file = storage.shard_folder(version, shard) / f"{part}.parquet"
    # Statistics would only help to skip files, and the shard already says which to read.
    frame.write_parquet(
        file, compression="zstd", compression_level=_COMPRESSION_LEVEL, statistics=False
    )


def _revise_file(file: Path, version: storage.Version, rewrite: Rewrite) -> int:
    rows = scan_files([file])
    remaining = rewrite(rows)
    if remaining is None:
        storage.begin_from(version, file)
        return 0
    write_rows(remaining, version.folder, storage.shard_of(file), file.stem)
    return int(rows.select(pl.len()).collect().item()) - remaining.height
