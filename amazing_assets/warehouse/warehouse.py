"""What can be asked of a warehouse and handed to it, whichever database it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from amazing_assets.cadence import MONTHLY, Cadence, cadence_of
from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandera.polars as pa
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


@dataclass(frozen=True)
class Replacement:
    """All rows of a partition of a table, which take the place of those before.

    Attributes:
        table: Its name.
        frame: The rows.
        run: Who writes them: the same rows of the same run are written once, however often they
            are handed over.
        key: Of the partition; None: the table has none, and is replaced as a whole.
        contract: What the table is; None: it is nobody's but a test's.
    """

    table: str
    frame: pl.DataFrame
    run: str
    key: str | None = None
    contract: type[pa.DataFrameModel] | None = None

    @property
    def cadence(self) -> Cadence | None:
        """How often the table is made; None: it has no partitions."""
        return None if self.key is None else cadence_of(self.key)

    @property
    def day(self) -> date | None:
        """First day of the partition, which a column of the table holds."""
        return None if self.key is None else cadence_of(self.key).first_day(self.key)


class Writer(Protocol):
    """Writes the tables of results, each partition in one transaction.

    Every method raises `WarehouseError` if the warehouse does not take it, and changes nothing.
    """

    def write(self, replacement: Replacement) -> bool:
        """Replace a partition; returns False if the same run had done so before."""
        ...

    def drop(self, table: str) -> None:
        """Remove a table, with what is remembered of it."""
        ...


def copy_of(warehouse: Path) -> Path:
    """Return where the copy of a DuckDB file is that everybody may read while runs write."""
    return warehouse.with_stem(f"{warehouse.stem}_copy")


def read_month(warehouse: Warehouse, table: str, month: date) -> pl.DataFrame | None:
    """Return the month of a table that begins on a day; None if the warehouse lacks it."""
    return warehouse.read_partitions(table, month, month)
