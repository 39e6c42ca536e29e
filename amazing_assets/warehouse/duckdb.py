"""The warehouse at home: one DuckDB file, schema `amazing`, a table per asset."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from amazing_assets.cadence import MONTHLY, Cadence
from amazing_assets.places import SCHEMA
from amazing_assets.warehouse.waiting import (
    PATIENCE_SECONDS,
    Tell,
    Waiting,
    gave_up,
    is_due,
    shown,
    untold,
    waits,
)
from amazing_assets.warehouse.warehouse import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import polars as pl

# Short against a write, and too long to be felt by the processor.
_PAUSE_SECONDS = 0.1

_LOCKED = "Could not set lock on file"


@dataclass(frozen=True)
class DuckDBWarehouse:
    """Reads the file; waits while another process writes to it.

    Attributes:
        file: Of the database; it need not exist yet.
        patience: For how many seconds a reader waits for the file.
        tell: Is given a sentence while a reader waits.
    """

    file: Path
    patience: float = PATIENCE_SECONDS
    tell: Tell = untold

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

    @property
    def _waiting(self) -> Waiting:
        return Waiting(self.patience, self.tell)

    def _read(self, table: str, condition: str, values: tuple[date, ...]) -> pl.DataFrame | None:
        if not self.file.exists():
            return None
        with closing(connect(self.file, self._waiting, read_only=True)) as connection:
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
    waiting: Waiting,
    *,
    read_only: bool = False,
    config: Mapping[str, str] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file as soon as no other process stands in the way.

    Raises:
        WarehouseError: One still does after some seconds, or the file cannot be opened at all.
    """
    begun, told = time.monotonic(), 0
    while True:
        try:
            return duckdb.connect(str(file), read_only=read_only, config=dict(config or {}))
        except (duckdb.IOException, duckdb.SerializationException) as error:
            refusal = str(error)
            if _LOCKED not in refusal:
                raise WarehouseError(_unusable(file, refusal)) from error
        waited = time.monotonic() - begun
        if waited >= waiting.patience:
            raise WarehouseError(gave_up(file, refusal, waiting.patience))
        if is_due(waited, told):
            told += 1
            waiting.tell(waits(file, refusal, waiting.patience - waited))
        time.sleep(_PAUSE_SECONDS)


def _unusable(file: Path, refusal: str) -> str:
    warehouse = f"The warehouse {shown(file)}"
    if file.is_dir():
        return (
            f"{warehouse} is a folder, not a DuckDB file; move it away, or set "
            f"AMAZING_WAREHOUSE to a file."
        )
    if "version number" in refusal:
        return (
            f"{warehouse} was written by another version of DuckDB than "
            f"{duckdb.__version__}, which cannot read it; open it with "
            f"that version and export its tables, or set AMAZING_WAREHOUSE to another file."
        )
    if "Corrupt database" in refusal:
        return f"{warehouse} is damaged; restore it, or delete it and run its months again."
    if "not a valid DuckDB database" in refusal:
        return (
            f"{warehouse} is no DuckDB database; move it away, or set AMAZING_WAREHOUSE "
            f"to another file."
        )
    return (
        f"{warehouse} cannot be opened; see that you may read and write it and its "
        f"folder, and that the disk is not full."
    )
