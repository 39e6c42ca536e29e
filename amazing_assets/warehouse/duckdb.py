"""The warehouse at home: one DuckDB file, schema `amazing`, a table per asset."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import polars as pl

SCHEMA = "amazing"


def read_table(warehouse: Path, table: str) -> pl.DataFrame | None:
    """Return a warehouse table without months; None if the warehouse does not have it."""
    return _read(warehouse, table, "true", ())


def read_month(warehouse: Path, table: str, month: date) -> pl.DataFrame | None:
    """Return a month of a warehouse table; None if the warehouse does not have it."""
    return read_months(warehouse, table, month, month)


def read_months(warehouse: Path, table: str, first: date, last: date) -> pl.DataFrame | None:
    """Return the months of a warehouse table from first to last; None if it has none of them."""
    return _read(warehouse, table, "month between ? and ?", (first, last))


def latest_month(warehouse: Path, table: str) -> date | None:
    """Return the latest month of a warehouse table; None if there is none."""
    newest = f'month = (select max(month) from {SCHEMA}."{table}") limit 1'  # noqa: S608  our own names
    rows = _read(warehouse, table, newest, ())
    return None if rows is None else rows["month"][0]


def _read(
    warehouse: Path, table: str, condition: str, values: tuple[date, ...]
) -> pl.DataFrame | None:
    if not warehouse.exists():
        return None
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        known = connection.execute(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
            [SCHEMA, table],
        ).fetchone()
        if known is None:
            return None
        query = f'select * from {SCHEMA}."{table}" where {condition}'  # noqa: S608  our own names
        rows = connection.execute(query, list(values)).pl()
    return rows if rows.height else None
