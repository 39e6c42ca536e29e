"""A shard's customers in blocks, so that memory does not grow with the shard.

Files are sorted by customer: of a row group without one of the block only the pseudonyms are read.
Eight blocks took as long as one, and a third of the memory.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

# So many rows of `UserProducts`, whose features take 0.7 GB to make.
ROWS_OF_A_BLOCK = 2_000_000


def in_blocks(
    sessions: pl.LazyFrame, user_products: pl.LazyFrame, rows: int = ROWS_OF_A_BLOCK
) -> Iterator[tuple[pl.LazyFrame, pl.LazyFrame]]:
    """Yield the summaries of blocks of whole customers, ascending: each customer once.

    Args:
        sessions: `Sessions` of a shard.
        user_products: `UserProducts` of the shard.
        rows: About so many of `user_products` make a block.
    """
    blocks = ceil(user_products.select(pl.len()).collect().item() / rows)
    if blocks <= 1:
        yield sessions, user_products
        return
    users = sessions.select(pl.col("user_id").unique()).collect(engine="streaming")["user_id"]
    # Of each block but the first the least pseudonym: they are evenly spread, as hashes are.
    starts = users.sort().gather_every(max(1, ceil(users.len() / blocks)))[1:]
    for start, end in zip([None, *starts], [*starts, None], strict=True):
        yield _between(sessions, start, end), _between(user_products, start, end)


def _between(rows: pl.LazyFrame, start: int | None, end: int | None) -> pl.LazyFrame:
    user = pl.col("user_id")
    if start is not None:
        rows = rows.filter(user >= start)
    return rows if end is None else rows.filter(user < end)
