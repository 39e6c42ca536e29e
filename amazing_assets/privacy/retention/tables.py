"""Months and weeks of the lake's tables and of the warehouse's whose life is over."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.cadence import cadence_of
from amazing_assets.lake.sides import side_of
from amazing_assets.places import SCHEMA
from amazing_assets.privacy import warehouse
from amazing_assets.privacy.retention.lives import LIFE_OF_TABLES
from amazing_assets.privacy.retention.removal import Outlived
from amazing_assets.privacy.server import ServerTables
from amazing_assets.privacy.tables import cells
from amazing_assets.warehouse.duckdb import connect
from amazing_assets.warehouse.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

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
        return [
            Outlived(LIFE_OF_TABLES[table], table, key, rows)
            for table, column, day, rows in self._partitions()
            if lives.is_over_in(table, key := _key(column, day))
        ]

    def remove(self, found: Sequence[Outlived]) -> None:
        """Remove rows, and have nothing of them be left in the files beneath."""
        place = self.stores.warehouse
        gone = [(each.what, *_place(each.key)) for each in found]
        if isinstance(place, ServerTables):
            place.remove(gone)
        elif found or warehouse.has_leftovers(place):
            warehouse.change(place, partial(_delete, gone=gone))
            self.stores.refresh()

    def _partitions(self) -> list[tuple[str, str, date, int]]:
        place = self.stores.warehouse
        if isinstance(place, ServerTables):
            return place.partitions()
        if not place.exists():
            return []
        with closing(connect(place, Waiting(), read_only=True)) as connection:
            return [
                (table, column, *row)
                for table, column in _tables(connection)
                for row in _days(connection, table, column)
            ]


def _delete(connection: duckdb.DuckDBPyConnection, gone: Iterable[tuple[str, str, date]]) -> None:
    for table, column, day in gone:
        connection.execute(f'delete from {SCHEMA}."{table}" where {column} = ?', [day])  # noqa: S608  our own names


def _key(column: str, day: date) -> str:
    return f"{day:%Y-%m}" if column == "month" else f"{day:%Y-%m-%d}"


def _place(key: str) -> tuple[str, date]:
    """Return the column and the first day of a month or a week."""
    return cadence_of(key).name, cadence_of(key).first_day(key)


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the tables that have a life, each with the column of its months or weeks."""
    known = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = ? "
        "and column_name in ('month', 'week') order by all",
        [SCHEMA],
    ).fetchall()
    return [(table, column) for table, column in known if table in LIFE_OF_TABLES]


def _days(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[Any]:
    return connection.execute(
        f'select {column}, count(*) from {SCHEMA}."{table}" group by all order by all'  # noqa: S608  as above
    ).fetchall()
