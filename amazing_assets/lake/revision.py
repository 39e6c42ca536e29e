"""A partition without some of its rows: a version that begins with the files of the current one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.lake.sides import side_of
from amazing_assets.lake.storage import OvertakenError

if TYPE_CHECKING:
    from amazing_assets.lake.sides import Version
    from amazing_assets.locations import Location

# Given the rows of a file, those that remain; None: all do. Where all do, the file stays as it is.
Rewrite = Callable[[pl.LazyFrame], pl.DataFrame | None]


def revised(
    table: Location, key: str, rewrite: Rewrite, shards: Collection[int] | None = None
) -> int | None:
    """Switch a partition to one without some of its rows; return how many were taken out.

    Files of which all rows remain are not written again, and those of other shards than some are
    not even read. Returns None, with nothing changed, if somebody else published the partition
    meanwhile.
    """
    side, taken, is_switched = side_of(table), 0, False
    with side.deciding(table.parent):
        version = side.begin(table, key)
    try:
        (part,) = side.parts(table, [key])
        for file in part.files:
            if shards is None or side.shard_of(file) in shards:
                taken += _revise_file(file, version, rewrite)
            else:
                side.begin_from(version, file)
        if part.files != side.parts(table, [key])[0].files:
            return None
        if taken:
            version.switch()
            is_switched = True
    except OvertakenError:
        return None
    finally:
        if is_switched:
            version.release()
        else:
            version.discard()
    return taken


def write_rows(frame: pl.DataFrame, version: Location, shard: int, part: str) -> None:
    """Write a file of a shard of a version."""
    side = side_of(version)
    side.write(frame, side.shard_folder(version, shard) / f"{part}.parquet")


def _revise_file(file: Any, version: Version, rewrite: Rewrite) -> int:  # noqa: ANN401  of a side
    side = side_of(file)
    rows = side.scan([file])
    remaining = rewrite(rows)
    # Of a file its end alone is read for this.
    number = int(rows.select(pl.len()).collect().item())
    if remaining is None or remaining.height == number:
        side.begin_from(version, file)
        return 0
    name = file.name.removesuffix(".parquet")
    write_rows(remaining, version.folder, side.shard_of(file), name)
    return number - remaining.height
