"""Customers in the lake's tables: what is there of them, and the same tables without them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.cadence import CADENCES
from amazing_assets.customers.contract import PriceBook
from amazing_assets.customers.snapshot import fill_price_book
from amazing_assets.lake.sides import side_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amazing_assets.lake.table import Lake
    from amazing_assets.locations import Location
    from amazing_assets.privacy.people import People
    from amazing_assets.privacy.request import Rows

# What happened, and nothing that was made of it: who objects to profiles stays in these.
KEPT_OF_OBJECTORS = frozenset(
    {
        "raw_events",
        "rejected_events",
        "clean_events",
        "sessions",
        "user_products",
        "price_book",
        "contacts",
    }
)

_VISIT, _CROWDED = "user_session", "is_crowded_session"

# Of a table without a column of customers: lines, which may tell of a visit.
_LINES = "rejected_events"

_PRICES = "price_book"


@dataclass(frozen=True)
class Cell:
    """A partition of a table of the lake."""

    table: str
    key: str

    @property
    def is_of_lines(self) -> bool:
        """Whether its rows are lines of files, which name no customer but may name a visit."""
        return self.table == _LINES

    @property
    def is_profile(self) -> bool:
        """Whether it was made of what customers did, to know what kind of customers they are."""
        return self.table not in KEPT_OF_OBJECTORS


def cells(lake: Lake) -> Iterator[Cell]:
    """Yield the partitions of every table, of those as well that nobody knows any more."""
    for table in side_of(lake.root).tables(lake.root):
        for cadence in CADENCES:
            for key in lake.partitions(table, cadence):
                yield Cell(table, key)


def files_of(lake: Lake, cell: Cell, people: People) -> Sequence[Location]:
    """Return the files of a partition in which rows of some customers can be."""
    side = side_of(lake.root)
    (part,) = side.parts(lake.root / cell.table, [cell.key])
    if not part.files or "user_id" not in part.columns():
        return part.files
    shards = _shards_of(lake, people)
    return [file for file in part.files if side.shard_of(file) in shards]


def _shards_of(lake: Lake, people: People) -> set[int]:
    return set((people.pseudonyms % lake.shards).to_list())


def customers(lake: Lake) -> pl.Series:
    """Return every customer of every table."""
    side, found = side_of(lake.root), pl.Series("user_id", [], pl.Int64)
    for cell in cells(lake):
        (part,) = side.parts(lake.root / cell.table, [cell.key])
        if part.files and "user_id" in part.columns():
            here = side.scan(part.files).select("user_id").unique().collect()["user_id"]
            found = pl.concat([found, here]).unique()
    return found


class Found(NamedTuple):
    """What the lake knows of some customers.

    Attributes:
        rows: How many rows are about them, by table and partition.
        visits: Ids of their visits, as they were read and trimmed.
        crowded: Months in which they had a part in a session of too many customers: without them
            it may be none any more, which is told of others.
    """

    rows: Rows
    visits: set[str]
    crowded: set[str]


def find(lake: Lake, people: People) -> Found:
    """Return what there is of them."""
    found = Found({}, set(), set())
    for cell in cells(lake):
        theirs = _theirs(lake, cell, people)
        if theirs.height:
            found.rows.setdefault(cell.table, {})[cell.key] = theirs.height
        _note(theirs, cell, found)
    return found


def _theirs(lake: Lake, cell: Cell, people: People) -> pl.DataFrame:
    """Return what is asked of their rows, of all files at once: each alone is mostly overhead."""
    files = files_of(lake, cell, people)
    rows = side_of(lake.root).scan(files) if files else pl.LazyFrame()
    columns = rows.collect_schema()
    if "user_id" not in columns:
        return pl.DataFrame()
    wanted = [name for name in ("user_id", _VISIT, _CROWDED) if name in columns]
    return rows.select(wanted).filter(people.is_theirs()).collect()


def _note(theirs: pl.DataFrame, cell: Cell, found: Found) -> None:
    if _VISIT in theirs.columns:
        visits = theirs[_VISIT].drop_nulls().unique()
        found.visits.update(visits, visits.str.strip_chars())
    if _CROWDED in theirs.columns and theirs[_CROWDED].any():
        found.crowded.add(cell.key)


def take_out(lake: Lake, chosen: Iterable[Cell], people: People) -> Iterator[tuple[str, Rows]]:
    """Take their rows out of partitions and their earlier versions, a table at a time.

    Yields:
        Each table, and of its partitions how many rows were taken out.
    """
    keys: dict[str, list[str]] = {}
    for cell in chosen:
        keys.setdefault(cell.table, []).append(cell.key)
    for table, of_table in keys.items():
        # Lines lie in shards of their own, whoever they are about.
        shards = None if table == _LINES else _shards_of(lake, people)
        taken = lake.revise(table, of_table, partial(_without, people=people), shards)
        yield table, {table: {key: number for key, number in taken.items() if number}}


def _without(rows: pl.LazyFrame, people: People) -> pl.DataFrame | None:
    columns = rows.collect_schema()
    if "user_id" in columns:
        theirs = people.is_theirs()
    elif "line" in columns and people.sessions:
        theirs = pl.col("line").str.contains_any(sorted(people.sessions))
    else:
        return None
    return rows.filter(~theirs.fill_null(value=False)).collect()


def make_prices_again(lake: Lake, months: Iterable[str]) -> None:
    """Make price books of months anew: a price that one customer alone saw is a cell of one."""
    for month in sorted(set(months) & set(lake.months(_PRICES))):
        with lake.draft(_PRICES, month, PriceBook) as draft:
            fill_price_book(draft, lake, month)
            draft.complete()
            draft.publish()


def left(lake: Lake, people: People) -> dict[str, int]:
    """Return what is still there: rows about them, lines of their visits, versions being written.

    Nothing is what proves an erasure.
    """
    found = {table: sum(keys.values()) for table, keys in find(lake, people).rows.items()}
    for cell in cells(lake):
        if cell.is_of_lines and people.sessions:
            theirs = pl.col("line").str.contains_any(sorted(people.sessions))
            lines = lake.scan(cell.table, cell.key).select(theirs.sum()).collect().item()
            if lines:
                found[_LINES] = found.get(_LINES, 0) + lines
    side = side_of(lake.root)
    for table in side.tables(lake.root):
        if not side.sweep_all(lake.root / table):
            found[f"{table}, being written"] = 1
    return found
