"""Customers in a warehouse on a server: its rows without them, and their room given back."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amazing_assets.warehouse.connection import connect, told
from amazing_assets.warehouse.described import literal, qualified
from amazing_assets.warehouse.server import ServerWarehouse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    import polars as pl

    from amazing_assets.places import Server
    from amazing_assets.privacy.people import People

_WHAT = "the rows of customers"

# Deleted rows stay in the files of both until they are swept; each has its own word for that.
# Redshift leaves the last twentieth of them unless it is told otherwise.
_SWEEP = {
    "postgresql": "vacuum (full, analyze) {}",
    "redshift": "vacuum delete only {} to 100 percent",
}

# What PostgreSQL keeps of columns to plan by are values of these: after the tables were looked at
# anew, the earlier ones lie in its own table until that is swept, which an owner may do.
_SWEEP_STATISTICS = {"postgresql": ("vacuum (full) pg_statistic",)}

_PAIRS = "create temporary table pairs (old_id bigint, new_id bigint)"

# Of one statement.
_AT_ONCE = 10_000

_THEM = "create temporary table them (user_id bigint)"


@dataclass(frozen=True)
class ServerTables:
    """The tables of a schema that have a column of customers.

    Attributes:
        server: The database.
        password: Of its user; None: the driver finds it, or none is asked for.
    """

    server: Server
    password: str | None = field(repr=False)

    def take_out(self, people: People) -> dict[str, int]:
        """Take their rows out of every table, all or none; return how many there were, by table."""
        found = self.count(people)
        with self._transaction() as cursor:
            _name(cursor, people)
            known = self._tables(cursor)
            for table in found:
                cursor.execute(
                    f"delete from {self._named(table)} where user_id in "  # noqa: S608  our own names
                    f"(select user_id from them)"
                )
        # Tables as well in which they are no more: of a month that was made again since, or of a
        # pass that was killed behind the deletion.
        self._sweep(known)
        return found

    def count(self, people: People) -> dict[str, int]:
        """Return how many rows are about them, by table; tables without any are left out."""
        with self._transaction() as cursor:
            _name(cursor, people)
            counted = {table: self._count(cursor, table) for table in self._tables(cursor)}
        return {table: number for table, number in counted.items() if number}

    def rows_of(self, pseudonym: int) -> dict[str, pl.DataFrame]:
        """Return what each table says of a customer; tables that say nothing are left out."""
        with self._transaction() as cursor:
            known = self._tables(cursor)
        reads = ServerWarehouse(self.server, self.password)
        found = {table: reads.read_customer(table, pseudonym) for table in known}
        return {table: rows for table, rows in found.items() if rows is not None}

    def customers(self) -> list[int]:
        """Return every customer of every table."""
        found: set[int] = set()
        with self._transaction() as cursor:
            for table in self._tables(cursor):
                cursor.execute(f"select distinct user_id from {self._named(table)}")  # noqa: S608  as below
                found.update(row[0] for row in cursor.fetchall())
        return sorted(found)

    def rename(self, pairs: pl.DataFrame) -> None:
        """Have customers be called otherwise in every table, all or none; the unknown go."""
        with self._transaction() as cursor:
            cursor.execute(_PAIRS)
            for some in pairs.iter_slices(_AT_ONCE):
                values = ", ".join(f"({old}, {new})" for old, new in some.iter_rows())
                cursor.execute(f"insert into pairs values {values}")  # noqa: S608  as below
            tables = self._tables(cursor)
            for name in map(self._named, tables):
                cursor.execute(
                    f"update {name} set user_id = new_id from pairs where user_id = old_id"  # noqa: S608  as below
                )
                cursor.execute(
                    f"delete from {name} where user_id not in (select new_id from pairs)"  # noqa: S608  as below
                )
        self._sweep(tables)

    def partitions(self) -> list[tuple[str, str, date, int]]:
        """Return of each table of customers its column of months or weeks, their days and rows."""
        with self._transaction() as cursor:
            known = {(name, self._cadence(cursor, name)) for name in self._tables(cursor)}
            found = []
            for table, column in sorted((t, c) for t, c in known if c is not None):
                cursor.execute(
                    f"select {column}, count(*) from {self._named(table)} "  # noqa: S608  as below
                    f"group by {column} order by {column}"
                )
                found += [(table, column, day, rows) for day, rows in cursor.fetchall()]
        return found

    def remove(self, found: Iterable[tuple[str, str, date]]) -> None:
        """Remove months and weeks of tables, all or none."""
        gone = list(found)
        with self._transaction() as cursor:
            for table, column, day in gone:
                cursor.execute(
                    f"delete from {self._named(table)} where {column} = {literal(str(day))}"  # noqa: S608  as below
                )
        self._sweep(sorted({table for table, *_ in gone}))

    def _cadence(self, cursor: Any, table: str) -> str | None:  # noqa: ANN401  psycopg2 is untyped
        cursor.execute(
            "select column_name from information_schema.columns where column_name in "  # noqa: S608  as below
            f"('month', 'week') and table_schema = {literal(self.server.schema)} "
            f"and table_name = {literal(table)}"
        )
        found = cursor.fetchone()
        return str(found[0]) if found else None

    def _tables(self, cursor: Any) -> list[str]:  # noqa: ANN401  psycopg2 is untyped
        cursor.execute(
            "select table_name from information_schema.tables join information_schema.columns "  # noqa: S608  as above
            "using (table_schema, table_name) where table_type = 'BASE TABLE' "
            f"and table_schema = {literal(self.server.schema)} and column_name = 'user_id' "
            "order by table_name"
        )
        return [name for (name,) in cursor.fetchall()]

    def _count(self, cursor: Any, table: str) -> int:  # noqa: ANN401  as above
        cursor.execute(
            f"select count(*) from {self._named(table)} where user_id in "  # noqa: S608  as above
            f"(select user_id from them)"
        )
        return int(cursor.fetchone()[0])

    def _sweep(self, tables: Iterable[str]) -> None:
        # No transaction may be open around it.
        with closing(connect(self.server, self.password)) as connection, told(self.server, _WHAT):
            connection.autocommit = True
            with connection.cursor() as cursor:
                for table in tables:
                    cursor.execute(_SWEEP[self.server.kind].format(self._named(table)))
                for statement in _SWEEP_STATISTICS.get(self.server.kind, ()):
                    cursor.execute(statement)

    def _named(self, table: str) -> str:
        return qualified(table, self.server.schema)

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with (
            closing(connect(self.server, self.password)) as connection,
            told(self.server, _WHAT),
            connection,
            connection.cursor() as cursor,
        ):
            yield cursor


def _name(cursor: Any, people: People) -> None:  # noqa: ANN401  as above
    """Have customers stand in a table that nobody else sees: thousands fit no statement."""
    cursor.execute(_THEM)
    # Numbers of our own making, and one statement for all: Redshift takes no COPY of a program.
    values = ", ".join(f"({pseudonym})" for pseudonym in people.pseudonyms)
    cursor.execute(f"insert into them values {values}")  # noqa: S608  as above
