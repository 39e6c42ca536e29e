"""What can be asked of a warehouse, whichever database it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from amazing_assets.cadence import MONTHLY, Cadence
from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import polars as pl


class WarehouseError(PlainError):
    """The warehouse cannot be used now; the message is the sentence to tell."""


class Warehouse(Protocol):
    """Reads the tables of results, of which one schema has one for each asset.

    Every method raises `WarehouseError` if the warehouse cannot be opened.
    """

    def read_table(self, table: str) -> pl.DataFrame | None:
        """Return a whole table; None if the warehouse does not have it, or it is empty."""
        ...

    def read_partitions(
        self, table: str, first: date, last: date, cadence: Cadence = MONTHLY
    ) -> pl.DataFrame | None:
        """Return the partitions of a table that begin from one day to another; None if none do."""
        ...

    def latest(self, table: str, cadence: Cadence = MONTHLY) -> date | None:
        """Return the first day of the latest partition of a table; None if there is none."""
        ...


def copy_of(warehouse: Path) -> Path:
    """Return where the copy of a DuckDB file is that everybody may read while runs write."""
    return warehouse.with_stem(f"{warehouse.stem}_copy")


def read_month(warehouse: Warehouse, table: str, month: date) -> pl.DataFrame | None:
    """Return the month of a table that begins on a day; None if the warehouse lacks it."""
    return warehouse.read_partitions(table, month, month)
