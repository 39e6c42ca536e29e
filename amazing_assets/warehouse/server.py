"""The warehouse on a server, PostgreSQL or Redshift: what is read of it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.cadence import MONTHLY, Cadence
from amazing_assets.lake.contract import schema_of
from amazing_assets.warehouse.attempts import attempted
from amazing_assets.warehouse.connection import connect, told
from amazing_assets.warehouse.described import identifier
from amazing_assets.warehouse.statements import Statements, tables_of
from amazing_assets.warehouse.waiting import Tell, untold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import pandera.polars as pa

    from amazing_assets.places import Server

# Rows that are Python's objects at one moment, before they are a frame.
_ROWS_AT_ONCE = 50_000

# By the number that both databases give a type; all others are read as texts.
_DTYPES = {
    16: pl.Boolean(),
    20: pl.Int64(),
    21: pl.Int16(),
    23: pl.Int32(),
    701: pl.Float64(),
    1082: pl.Date(),
    1114: pl.Datetime("us"),
}


@dataclass(frozen=True)
class ServerWarehouse:
    """Reads the tables of a schema.

    Attributes:
        server: The database.
        password: Of its user; None: the driver finds it, or none is asked for.
        contracts: Of tables, by name: what a table has besides was written by an earlier version.
        tell: Is given a sentence before another attempt, where the server is away.
        pauses: Seconds before each of them.
    """

    server: Server
    password: str | None = field(repr=False)
    contracts: Mapping[str, type[pa.DataFrameModel]] = field(default_factory=dict)
    tell: Tell = untold
    pauses: tuple[float, ...] = ()

    def read_table(self, table: str) -> pl.DataFrame | None:
        """Return a whole table; None if the warehouse does not have it, or it is empty."""
        return self._read(table, "", ())

    def read_partitions(
        self, table: str, first: date, last: date, cadence: Cadence = MONTHLY
    ) -> pl.DataFrame | None:
        """Return the partitions of a table that begin from one day to another; None if none do."""
        column = identifier(cadence.name)
        return self._read(table, f" where {column} between %s and %s", (first, last))

    def latest(self, table: str, cadence: Cadence = MONTHLY) -> date | None:
        """Return the first day of the latest partition of a table; None if there is none."""
        column, named = identifier(cadence.name), Statements(self.server, table).named
        newest = f" where {column} = (select max({column}) from {named}) limit 1"  # noqa: S608  our own names
        rows = self._read(table, newest, ())
        return None if rows is None else rows[cadence.name][0]

    def read_customer(self, table: str, user_id: int) -> pl.DataFrame | None:
        """Return the rows of a table about one customer; None if there are none."""
        return self._read(table, " where user_id = %s", (user_id,))

    def tables(self) -> frozenset[str]:
        """Return the names of all tables that are there."""
        with self._asked("its tables") as cursor:
            cursor.execute(tables_of(self.server))
            return frozenset(name for (name,) in cursor.fetchall())

    @contextmanager
    def _asked(self, what: str) -> Iterator[Any]:
        with (
            closing(connect(self.server, self.password)) as connection,
            told(self.server, what),
            connection,
            connection.cursor() as cursor,
        ):
            yield cursor

    def _read(
        self, table: str, condition: str, values: tuple[date | int, ...]
    ) -> pl.DataFrame | None:
        return attempted(partial(self._ask, table, condition, values), self.tell, self.pauses)

    def _ask(
        self, table: str, condition: str, values: tuple[date | int, ...]
    ) -> pl.DataFrame | None:
        statements = Statements(self.server, table)
        with self._asked(table) as cursor:
            cursor.execute(statements.columns())
            held = [name for name, _ in cursor.fetchall()]
            if not held:
                return None
            names = ", ".join(map(identifier, self._current(table, held)))
            cursor.execute(f"select {names} from {statements.named}{condition}", values)  # noqa: S608  our own names
            rows = _frame(cursor)
        return rows if rows.height else None

    def _current(self, table: str, held: Sequence[str]) -> Sequence[str]:
        contract = self.contracts.get(table)
        promised = schema_of(contract).names() if contract else held
        # One that shares no column with its contract is read as it is, and found to be another.
        return [name for name in promised if name in held] or held


def _frame(cursor: Any) -> pl.DataFrame:  # noqa: ANN401  psycopg2 is untyped
    described = cursor.description
    schema = {column.name: _DTYPES.get(column.type_code, pl.String()) for column in described}
    parts = [pl.DataFrame(schema=schema)]
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        parts.append(pl.DataFrame(rows, schema=schema, orient="row"))
    return pl.concat(parts)
