"""Customers in a warehouse on a server: its rows without them, and their room given back."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amazing_assets.warehouse.connection import connect, told
from amazing_assets.warehouse.described import literal, qualified
from amazing_assets.warehouse.server import ServerWarehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from amazing_assets.places import Server
    from amazing_assets.privacy.people import People

_WHAT = "the rows of customers"

# Deleted rows stay in the files of both until they are swept; each has its own word for that.
_SWEEP = {"postgresql": "vacuum (full)", "redshift": "vacuum delete only"}

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
        if not found:
            return {}
        with self._transaction() as cursor:
            _name(cursor, people)
            for table in found:
                cursor.execute(
                    f"delete from {self._named(table)} where user_id in "  # noqa: S608  our own names
                    f"(select user_id from them)"
                )
        self._sweep(found)
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

    def _sweep(self, tables: dict[str, int]) -> None:
        # No transaction may be open around it.
        with closing(connect(self.server, self.password)) as connection, told(self.server, _WHAT):
            connection.autocommit = True
            with connection.cursor() as cursor:
                for table in tables:
                    cursor.execute(f"{_SWEEP[self.server.kind]} {self._named(table)}")

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
