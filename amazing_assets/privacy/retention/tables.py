"""Months and weeks of the lake's tables and of the warehouse's whose life is over."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.cadence import cadence_of
from amazing_assets.lake.sides import side_of
from amazing_assets.privacy import warehouse
from amazing_assets.privacy.retention.lives import LIFE_OF_TABLES
from amazing_assets.privacy.retention.removal import Outlived
from amazing_assets.privacy.tables import cells
from amazing_assets.warehouse.duckdb import SCHEMA, connect
from amazing_assets.warehouse.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from amazing_assets.lake.table import Lake
    from amazing_assets.privacy.retention.lives import Lives
    from amazing_assets.privacy.stores import Stores
    from amazing_assets.privacy.tables import Cell


@dataclass(frozen=True)
class LakeTables:
    """The tables of a lake."""

    lake: Lake

    def outlived(self, lives: Lives) -> Sequence[Outlived]:
        """Return the partitions that are over."""
        return [
            Outlived(LIFE_OF_TABLES[cell.table], cell.table, cell.key, self._rows(cell))
            for cell in cells(self.lake)
            if lives.is_over_in(cell.table, cell.key)
        ]

    def remove(self, found: Sequence[Outlived]) -> None:
        """Remove partitions, with every version there is of them."""
        keys: dict[str, list[str]] = {}
        for each in found:
            keys.setdefault(each.what, []).append(each.key)
        for table in side_of(self.lake.root).tables(self.lake.root):
            if table in LIFE_OF_TABLES:
                self.lake.remove(table, keys.get(table, ()))

    def _rows(self, cell: Cell) -> int:
        side = side_of(self.lake.root)
        (part,) = side.parts(self.lake.root / cell.table, [cell.key])
        return int(side.scan(part.files).select(pl.len()).collect().item()) if part.files else 0


@dataclass(frozen=True)
class WarehouseTables:
    """The tables of the warehouse that are about customers."""

    stores: Stores

    def outlived(self, lives: Lives) -> Sequence[Outlived]:
        """Return the months and weeks that are over."""
        if not self.stores.warehouse.exists():
            return []
        with closing(connect(self.stores.warehouse, Waiting(), read_only=True)) as connection:
            return [
                Outlived(LIFE_OF_TABLES[table], table, key, rows)
                for table, column in _tables(connection)
                for key, rows in _partitions(connection, table, column)
                if lives.is_over_in(table, key)
            ]

    def remove(self, found: Sequence[Outlived]) -> None:
        """Remove rows, and have a file that holds nothing of them in place of the warehouse."""
        if not found and not warehouse.has_leftovers(self.stores.warehouse):
            return

        def deletion(connection: duckdb.DuckDBPyConnection) -> None:
            columns = dict(_tables(connection))
            for each in found:
                first = cadence_of(each.key).first_day(each.key)
                connection.execute(
                    f'delete from {SCHEMA}."{each.what}" where {columns[each.what]} = ?',  # noqa: S608  our own names
                    [first],
                )

        warehouse.change(self.stores.warehouse, deletion)
        self.stores.refresh()


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the tables that have a life, each with the column of its months or weeks."""
    known = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = ? "
        "and column_name in ('month', 'week') order by all",
        [SCHEMA],
    ).fetchall()
    return [(table, column) for table, column in known if table in LIFE_OF_TABLES]


def _partitions(
    connection: duckdb.DuckDBPyConnection, table: str, column: str
) -> Iterator[tuple[str, int]]:
    days = connection.execute(
        f'select {column}, count(*) from {SCHEMA}."{table}" group by all order by all'  # noqa: S608  as above
    ).fetchall()
    for day, rows in days:
        yield (f"{day:%Y-%m}" if column == "month" else f"{day:%Y-%m-%d}"), rows
