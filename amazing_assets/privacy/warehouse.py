"""Customers in the warehouse: its rows without them, in a file that holds nothing else.

DuckDB gives the room of deleted rows free and leaves what was written there. So after a deletion
the tables are copied into a new file, which takes the place of the old one.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.places import SCHEMA
from amazing_assets.privacy.server import ServerTables
from amazing_assets.warehouse.duckdb import connect
from amazing_assets.warehouse.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb

    from amazing_assets.privacy.people import People

# An erasure can wait longer than a reader: it is one a day, and no run is under way.
_PATIENCE_SECONDS = 60.0

_NEW = "without_them"


def take_out(place: Path | ServerTables, people: People) -> dict[str, int]:
    """Take their rows out of every table; return how many there were, by table.

    Args:
        place: The DuckDB file, or the server, that has the tables.
        people: Those who go.

    Raises:
        WarehouseError: Another process holds the file, or the server is away.
    """
    return place.take_out(people) if isinstance(place, ServerTables) else _take_out(place, people)


def _take_out(file: Path, people: People) -> dict[str, int]:
    _sweep(file)
    if not file.exists():
        return {}
    # Only to read at first: nobody waits for a file that is as it should be.
    found = count(file, people)
    if not found and not has_leftovers(file):
        return {}

    def deletion(connection: duckdb.DuckDBPyConnection) -> None:
        _name(connection, people)
        for table in found:
            connection.execute(f"delete from {table} where user_id in (select user_id from them)")  # noqa: S608  our own names

    change(file, deletion)
    return {table.split('"')[-2]: number for table, number in found.items()}


def change(file: Path, how: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Change rows in one transaction, and have in place of the file one without those of before.

    Raises:
        WarehouseError: Another process holds the file.
    """
    _sweep(file)
    with closing(connect(file, Waiting(_PATIENCE_SECONDS))) as connection:
        # Killed behind the change, the next pass knows by it that the file is to be copied.
        _leftovers_of(file).touch()
        connection.execute("begin")
        how(connection)
        connection.execute("commit")
        connection.execute("force checkpoint")
        _replace(connection, file)
    _leftovers_of(file).unlink(missing_ok=True)


def rename(place: Path | ServerTables, pairs: pl.DataFrame) -> None:
    """Have customers be called otherwise in every table; the unknown are left out.

    Args:
        place: The DuckDB file, which need not exist, or the server.
        pairs: Columns `old` and `new`.

    Raises:
        WarehouseError: Another process holds the file, or the server is away.
    """
    if isinstance(place, ServerTables):
        place.rename(pairs)
        return

    def renaming(connection: duckdb.DuckDBPyConnection) -> None:
        connection.register("pairs", pairs.to_arrow())
        for table in _tables(connection):
            connection.execute(
                f"update {table} set user_id = new from pairs where user_id = old"  # noqa: S608  our own names
            )
            connection.execute(
                f"delete from {table} where user_id not in (select new from pairs)"  # noqa: S608  our own names
            )
        connection.unregister("pairs")

    if place.exists():
        change(place, renaming)


def customers(place: Path | ServerTables) -> pl.Series:
    """Return every customer of every table."""
    if isinstance(place, ServerTables):
        return pl.Series("user_id", place.customers(), pl.Int64)
    if not place.exists():
        return pl.Series("user_id", [], pl.Int64)
    with closing(connect(place, Waiting(_PATIENCE_SECONDS), read_only=True)) as connection:
        found = [
            connection.execute(f"select distinct user_id from {table}").pl()["user_id"]  # noqa: S608  as above
            for table in _tables(connection)
        ]
    empty = pl.Series("user_id", [], pl.Int64)
    return pl.concat([empty, *(each.cast(pl.Int64) for each in found)]).unique()


def count(place: Path | ServerTables, people: People) -> dict[str, int]:
    """Return how many rows are about them, by table; tables without any are left out."""
    return place.count(people) if isinstance(place, ServerTables) else _count(place, people)


def rows_of(place: Path | ServerTables, pseudonym: int) -> dict[str, pl.DataFrame]:
    """Return what each table says of a customer; tables that say nothing are left out.

    Raises:
        WarehouseError: Another process holds the file, or the server is away.
    """
    if isinstance(place, ServerTables):
        return place.rows_of(pseudonym)
    if not place.exists():
        return {}
    with closing(connect(place, Waiting(), read_only=True)) as connection:
        known = connection.execute(
            "select distinct table_name from duckdb_columns() where schema_name = ? "
            "and column_name = 'user_id' order by all",
            [SCHEMA],
        ).fetchall()
        found = {
            table: connection.execute(
                f'select * from {SCHEMA}."{table}" where user_id = ?',  # noqa: S608  our own names
                [pseudonym],
            ).pl()
            for (table,) in known
        }
    return {table: rows for table, rows in found.items() if rows.height}


def _count(file: Path, people: People) -> dict[str, int]:
    if not file.exists():
        return {}
    with closing(connect(file, Waiting(_PATIENCE_SECONDS), read_only=True)) as connection:
        _name(connection, people)
        counted = {
            table: connection.execute(
                f"select count(*) from {table} where user_id in (select user_id from them)"  # noqa: S608  as above
            ).fetchall()[0][0]
            for table in _tables(connection)
        }
    return {table: number for table, number in counted.items() if number}


def _name(connection: duckdb.DuckDBPyConnection, people: People) -> None:
    """Have customers stand in a table that nobody else sees.

    As numbers of our own making in the statement: a frame, or a parameter, would load pandas.
    """
    them = ", ".join(map(str, people.pseudonyms))
    connection.execute(
        f"create temporary table them as select unnest([{them}]::bigint[]) as user_id"
    )


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables with a column of customers, as a statement names them."""
    found = connection.execute(
        "select distinct schema_name, table_name from duckdb_columns() "
        "where column_name = 'user_id' and not internal and (schema_name, table_name) in "
        "(select (schema_name, table_name) from duckdb_tables()) order by all"
    ).fetchall()
    return [".".join(f'"{name}"' for name in names) for names in found if names[1] != "them"]


def _replace(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Put in place of the file one that holds its tables and nothing that was deleted."""
    new = file.with_name(f".{file.name}.{_NEW}")
    (name,) = connection.execute("select current_database()").fetchall()[0]
    connection.execute(f"attach '{new}' as {_NEW}")
    connection.execute(f'copy from database "{name}" to {_NEW}')
    connection.execute(f"detach {_NEW}")
    # Whoever waits for the file opens the new one.
    new.replace(file)


def _sweep(file: Path) -> None:
    """Delete what killed processes have copied."""
    for left in file.parent.glob(f".{file.name}.{_NEW}*"):
        left.unlink()


def has_leftovers(file: Path) -> bool:
    """Whether a process was killed behind a change, and the file is to be copied still."""
    return _leftovers_of(file).exists()


def _leftovers_of(file: Path) -> Path:
    return file.with_name(f".{file.name}.to_copy")
