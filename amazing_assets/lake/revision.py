"""A partition without some of its rows: a version that begins with the files of the current one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.lake.sides import side_of
from amazing_assets.lake.storage import OvertakenError

if TYPE_CHECKING:
    from amazing_assets.lake.sides import Version
    from amazing_assets.locations import Location

# Given the rows of a file, those that remain; None: all do, and the file stays as it is.
Rewrite = Callable[[pl.LazyFrame], pl.DataFrame | None]

# While one file is written the next is read; more would only want more memory.
_AT_A_TIME = 2


def revised(table: Location, key: str, rewrite: Rewrite) -> int | None:
    """Switch a partition to one without some of its rows; return how many were taken out.

    Files of which all rows remain are not written again. Returns None, with nothing changed, if
    somebody else published the partition meanwhile.
    """
    side, taken, is_switched = side_of(table), 0, False
    with side.deciding(table.parent):
        version = side.begin(table, key)
    try:
        (part,) = side.parts(table, [key])
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            revisions = pool.map(lambda file: _revise_file(file, version, rewrite), part.files)
            for file, number in zip(part.files, revisions, strict=True):
                if number is None:
                    side.begin_from(version, file)
                taken += number or 0
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


def _revise_file(file: Any, version: Version, rewrite: Rewrite) -> int | None:  # noqa: ANN401  of a side
    """Write a file without some rows; return how many, None if the file is to stay as it is."""
    side = side_of(file)
    rows = side.scan([file])
    remaining = rewrite(rows)
    if remaining is None:
        return None
    name = file.name.removesuffix(".parquet")
    write_rows(remaining, version.folder, side.shard_of(file), name)
    return int(rows.select(pl.len()).collect().item()) - remaining.height
