"""What is written to the DuckDB file: a partition in one transaction, columns by name."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from amazing_assets.places import SCHEMA
from amazing_assets.warehouse.described import identifier, qualified
from amazing_assets.warehouse.duckdb import connect

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import polars as pl

    from amazing_assets.warehouse.waiting import Tell, Waiting
    from amazing_assets.warehouse.warehouse import Replacement


@dataclass(frozen=True)
class DuckDBWriter:
    """Writes to the file what Dagster does not: its manager writes the tables of assets.

    Attributes:
        file: Of the database.
        waiting: How long is waited for it.
    """

    file: Path
    waiting: Waiting

    def write(self, replacement: Replacement) -> bool:
        """Replace a partition; a repetition writes the same rows once more, and is one as well."""
        table, tell = replacement.table, self.waiting.tell
        with closing(connect(self.file, self.waiting)) as connection:
            connection.execute("begin")
            connection.execute(f"create schema if not exists {SCHEMA}")
            if replacement.cadence and _columns(connection, table):
                column = identifier(replacement.cadence.name)
                delete = f"delete from {qualified(table)} where {column} = ?"  # noqa: S608  our own names
                connection.execute(delete, [replacement.day])
            elif _columns(connection, table):
                connection.execute(f"delete from {qualified(table)}")  # noqa: S608  as above
            insert_by_name(connection, table, replacement.frame, tell)
            connection.execute("commit")
        return True

    def drop(self, table: str) -> None:
        """Remove a table."""
        with closing(connect(self.file, self.waiting)) as connection:
            connection.execute(f"drop table if exists {qualified(table)}")


def insert_by_name(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: pl.DataFrame,
    warn: Tell,
) -> None:
    """Insert rows into a table that need not be there; one with other columns is set aside."""
    named = qualified(table)
    frame = rows.to_arrow()  # noqa: F841  DuckDB reads it by its name
    if kept := set_aside(connection, table, set(rows.columns)):
        warn(
            f"{named} had the columns of an earlier version of the platform and begins anew; what "
            f"is left of it is kept as {kept}, and `amazing run` makes its other months again."
        )
    connection.execute(f"create table if not exists {named} as select * from frame limit 0")  # noqa: S608  our own names
    connection.execute(f"insert into {named} by name select * from frame")  # noqa: S608  our own names


def set_aside(connection: duckdb.DuckDBPyConnection, table: str, columns: set[str]) -> str | None:
    """Rename a table that has other columns, so that one with these can take its place.

    Returns:
        Its new name, `segment_rules_earlier`; None if it stays, or held nothing and is dropped.
    """
    held = _columns(connection, table)
    if not held or held == columns:
        return None
    named = qualified(table)
    if not connection.execute(f"select 1 from {named} limit 1").fetchone():  # noqa: S608  our own names
        connection.execute(f"drop table {named}")
        return None
    taken = {
        name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
    }
    numbered = (f"{table}_earlier{'' if number == 1 else f'_{number}'}" for number in count(1))
    new = next(name for name in numbered if name not in taken)
    connection.execute(f'alter table {named} rename to "{new}"')
    return f"{SCHEMA}.{new}"


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    described = connection.execute(
        "select column_name from information_schema.columns "
        "where table_schema = ? and table_name = ?",
        [SCHEMA, table],
    ).fetchall()
    return {name for (name,) in described}
