"""Sessions of too many customers, whose customers lie in different shards.

A month has 14 million sessions, more than are held at once: customers are first counted by the
session's hash, in so many buckets that hardly any has too many by chance, and only the sessions of
those are then counted one by one. A bucket has at least the customers of each of its sessions, so
that none is missed.
"""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from amazing_assets.events.clean import tidy
from amazing_assets.lake.shard import Query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amazing_assets.lake.table import Lake

# One of 5 066 real sessions is shared by two customers, none by three; a household may be a few.
# Twenty are no household: a program, or a visitor who gets a new name with every page.
MOST_CUSTOMERS_A_SESSION = 20

# 16 MB of counts. 14 million sessions are 3.4 a bucket: over 20 by chance once in 1e10.
_BUCKETS = 2**22

_COUNTED = pl.Schema({"user_session": pl.String, "customers": pl.Int64})


class Crowds(NamedTuple):
    """Sessions of too many customers.

    Attributes:
        month: Of which month, as `2019-10`.
        sessions: How many sessions.
        customers: How many customers used one of them.
    """

    month: str
    sessions: int
    customers: int

    @property
    def line(self) -> str:
        """What a person is told."""
        used = "session is" if self.sessions == 1 else "sessions are each"
        return (
            f"{self.month}: {self.sessions:,} {used} used by more than {MOST_CUSTOMERS_A_SESSION} "
            f"customers; {self.customers:,} customers are flagged like bots and get no segment."
        )


def crowded_sessions(lake: Lake, month: str) -> tuple[str, ...]:
    """Return the sessions of a month that more than 20 customers used, in ascending order."""
    raw, keys = ("raw_events",), (month,)
    customers = reduce(np.add, lake.map(Query(count_by_bucket, raw, keys)))
    full = np.flatnonzero(customers > MOST_CUSTOMERS_A_SESSION)
    if not full.size:
        return ()
    parts = lake.map(Query(partial(count_by_session, buckets=full), raw, keys))
    counted = reduce(_plus, parts, pl.DataFrame(schema=_COUNTED))
    crowded = counted.filter(pl.col("customers") > MOST_CUSTOMERS_A_SESSION)
    return tuple(crowded["user_session"].sort())


def crowds_of(lake: Lake, month: str) -> Crowds:
    """Return how many sessions of a month's clean events too many customers used."""
    crowded = lake.scan("clean_events", month).filter("is_crowded_session")
    counts = crowded.select(
        sessions=pl.col("user_session").n_unique(), customers=pl.col("user_id").n_unique()
    )
    return Crowds(month, *counts.collect().row(0))


def count_by_bucket(raw_events: pl.LazyFrame) -> NDArray[np.uint32]:
    """Return how many customers of a shard each bucket of sessions has."""
    known = raw_events.filter(pl.col("user_session").is_not_null())
    visits = known.select("user_id", _bucket()).unique().collect()
    return np.bincount(visits["bucket"], minlength=_BUCKETS).astype(np.uint32)


def count_by_session(raw_events: pl.LazyFrame, buckets: NDArray[np.int64]) -> pl.DataFrame:
    """Return how many customers of a shard each session of some buckets has."""
    return (
        raw_events.filter(_bucket().is_in(pl.Series(buckets, dtype=pl.UInt64).implode()))
        .select(tidy("user_session"), "user_id")
        .drop_nulls()
        .unique()
        .group_by("user_session")
        .agg(customers=pl.len().cast(pl.Int64))
        .collect()
    )


def _plus(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    together = pl.concat([first, second]).group_by("user_session")
    return together.agg(pl.col("customers").sum())


def _bucket() -> pl.Expr:
    """The session's bucket: of the trimmed text, for trimming is all that cleaning does to it."""
    return (pl.col("user_session").str.strip_chars().hash(seed=0) % _BUCKETS).alias("bucket")
