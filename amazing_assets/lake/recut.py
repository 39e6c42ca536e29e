"""A partition under other customer numbers: cut anew, for a customer's shard is by the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.lake.revision import write_rows
from amazing_assets.lake.sides import side_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from amazing_assets.lake.sides import Side
    from amazing_assets.lake.table import Lake
    from amazing_assets.locations import Location


def recut(
    lake: Lake, table: str, key: str, rename: Callable[[pl.DataFrame], pl.DataFrame], folder: Path
) -> int:
    """Switch a partition to one of renamed rows, and delete all versions before it.

    Never more than the rows of a shard are held.

    Args:
        lake: Of the table.
        table: Its name.
        key: Of the partition.
        rename: Is given rows of a shard and returns them under other numbers; it may leave some
            out.
        folder: An empty one on this machine's disk, for the time of it.

    Returns:
        How many rows the partition has now; 0 also if it is about no customers.
    """
    side, place = side_of(lake.root), lake.root / table
    (part,) = side.parts(place, [key])
    if not part.files or "user_id" not in part.columns():
        return 0
    is_ordered = _split(side, part.files, lake.shards, rename, folder)
    empty = side.scan(part.files[:1]).head(0).collect()
    with side.deciding(lake.root):
        version = side.begin(place, key)
    number, is_published = 0, False
    try:
        for shard in range(lake.shards):
            rows = _of_shard(folder, shard, empty, is_ordered=is_ordered)
            write_rows(rows, version.folder, shard, "rows")
            number += rows.height
        version.publish()
        is_published = True
    finally:
        if not is_published:
            version.discard()
    side.sweep(place, key)
    return number


def _split(
    side: Side,
    files: Sequence[Location],
    shards: int,
    rename: Callable[[pl.DataFrame], pl.DataFrame],
    folder: Path,
) -> bool:
    """Write the renamed rows of each file, by the shard in which they belong from now on.

    Returns whether the rows of every file were in the order of their customers.
    """
    is_ordered = True
    for number, file in enumerate(files):
        rows = side.scan([file]).collect()
        is_ordered = is_ordered and rows["user_id"].is_sorted()
        cut = rename(rows).with_columns((pl.col("user_id") % shards).alias("shard"))
        parts = cut.partition_by("shard", include_key=False, as_dict=True, maintain_order=True)
        for (shard,), of_shard in parts.items():
            of_shard.write_parquet(folder / f"{shard}-{number:05d}.parquet")
    return is_ordered


def _of_shard(folder: Path, shard: int, empty: pl.DataFrame, *, is_ordered: bool) -> pl.DataFrame:
    parts = [pl.read_parquet(file) for file in sorted(folder.glob(f"{shard}-*.parquet"))]
    rows = pl.concat([empty, *parts])
    # What a customer did stays in its own order.
    return rows.sort("user_id", maintain_order=True) if is_ordered else rows
