"""Of a warehouse that an earlier version wrote to, only the tables that keep their contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amazing_assets.cadence import MONTHLY, Cadence
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandera.polars as pa
    import polars as pl

    from amazing_assets.warehouse.warehouse import Warehouse


@dataclass(frozen=True)
class CurrentTables:
    """A warehouse in which a table with other columns than its contract's is as good as none.

    Attributes:
        warehouse: What is read.
        contracts: Of its tables, by name.
    """

    warehouse: Warehouse
    contracts: Mapping[str, type[pa.DataFrameModel]]

    def read_table(self, table: str) -> pl.DataFrame | None:
        """Return a whole table; None if there is none that keeps its contract."""
        return self._current(table, self.warehouse.read_table(table))

    def read_partitions(
        self, table: str, first: date, last: date, cadence: Cadence = MONTHLY
    ) -> pl.DataFrame | None:
        """Return the partitions that begin from one day to another; None as above."""
        return self._current(table, self.warehouse.read_partitions(table, first, last, cadence))

    def latest(self, table: str, cadence: Cadence = MONTHLY) -> date | None:
        """Return the first day of the latest partition of a table; None as above."""
        day = self.warehouse.latest(table, cadence)
        known = day and self.read_partitions(table, day, day, cadence)
        return None if known is None else day

    def other_columns(self, table: str) -> list[str]:
        """Return the columns in which a table differs from its contract; none if there is none."""
        found = self.warehouse.read_table(table)
        return [] if found is None else self._others(table, found)

    def _others(self, table: str, found: pl.DataFrame) -> list[str]:
        contract = self.contracts.get(table)
        promised = found.columns if contract is None else schema_of(contract).names()
        return sorted(set(found.columns) ^ set(promised))

    def _current(self, table: str, found: pl.DataFrame | None) -> pl.DataFrame | None:
        return None if found is None or self._others(table, found) else found
