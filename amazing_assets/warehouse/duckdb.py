"""The warehouse at home: one DuckDB file, schema `amazing`, a table per asset."""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from amazing_assets.cadence import MONTHLY, Cadence
from amazing_assets.warehouse.warehouse import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import polars as pl

SCHEMA = "amazing"

# DuckDB refuses a file that another process has open for writing. A month of the largest table is
# written in two seconds, so that who waits this long meets no writer of ours but an open session.
PATIENCE_SECONDS = 15.0

# Short against a write, and too long to be felt by the processor.
_PAUSE_SECONDS = 0.1

_LOCKED = "Could not set lock on file"
_PROCESS = re.compile(r"\(PID (\d+)\)")


@dataclass(frozen=True)
class DuckDBWarehouse:
    """Reads the file; waits while another process writes to it.

    Attributes:
        file: Of the database; it need not exist yet.
        patience: For how many seconds a reader waits for the file.
    """

    file: Path
    patience: float = PATIENCE_SECONDS

    def read_table(self, table: str) -> pl.DataFrame | None:
        """Return a whole table; None if the warehouse does not have it, or it is empty."""
        return self._read(table, "true", ())

    def read_partitions(
        self, table: str, first: date, last: date, cadence: Cadence = MONTHLY
    ) -> pl.DataFrame | None:
        """Return the partitions of a table that begin from one day to another; None if none do."""
        return self._read(table, f"{cadence.name} between ? and ?", (first, last))

    def latest(self, table: str, cadence: Cadence = MONTHLY) -> date | None:
        """Return the first day of the latest partition of a table; None if there is none."""
        column = cadence.name
        newest = f'{column} = (select max({column}) from {SCHEMA}."{table}") limit 1'  # noqa: S608  our own names
        rows = self._read(table, newest, ())
        return None if rows is None else rows[column][0]

    def _read(self, table: str, condition: str, values: tuple[date, ...]) -> pl.DataFrame | None:
        if not self.file.exists():
            return None
        with closing(connect(self.file, self.patience, read_only=True)) as connection:
            known = connection.execute(
                "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
                [SCHEMA, table],
            ).fetchone()
            if known is None:
                return None
            query = f'select * from {SCHEMA}."{table}" where {condition}'  # noqa: S608  our own names
            rows = connection.execute(query, list(values)).pl()
        return rows if rows.height else None


def connect(
    file: Path,
    patience: float = PATIENCE_SECONDS,
    *,
    read_only: bool = False,
    config: Mapping[str, str] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file as soon as no other process stands in the way.

    Raises:
        WarehouseError: One still does after some seconds.
    """
    last = time.monotonic() + patience
    while True:
        try:
            return duckdb.connect(str(file), read_only=read_only, config=dict(config or {}))
        except duckdb.IOException as error:
            if _LOCKED not in str(error):
                raise
            if time.monotonic() >= last:
                raise WarehouseError(_held(file, str(error), patience)) from None
        time.sleep(_PAUSE_SECONDS)


def _held(file: Path, refusal: str, patience: float) -> str:
    process = _PROCESS.search(refusal)
    holder = f"process {process[1]}" if process else "another process"
    return (
        f"The warehouse {file} is held by {holder}, which has not let go of it in {patience:g} "
        f"seconds; wait until that run is over, or close the program that has the file open, and "
        f"try again."
    )
