"""Customers in SQLite files, such as Dagster's history and MLflow's: texts that name nobody.

What is written over, SQLite leaves on the disk unless it is told to wipe it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amazing_assets.privacy.people import People

_BEGINS = b"SQLite format 3\0"

# The daemon writes to Dagster's databases all the time, each time for an instant.
_PATIENCE_SECONDS = 30.0


def is_one(file: Path) -> bool:
    """Whether a file is an SQLite database."""
    with file.open("rb") as opened:
        return opened.read(len(_BEGINS)) == _BEGINS


def take_out(file: Path, people: People) -> int:
    """Mask some customers in every text of a database; return how often they were named."""
    number = count(file, people)
    if not number:
        return 0
    with closing(_opened(file, people)) as connection:
        connection.execute("pragma secure_delete = on")
        with connection:
            for table, column in _texts(connection):
                connection.execute(
                    f"update {table} set {column} = masked({column}) "  # noqa: S608  names of the database itself
                    f"where typeof({column}) = 'text' and named({column}) > 0"
                )
        # What was written ahead of the file goes into it, and is no longer beside it.
        connection.execute("pragma wal_checkpoint(truncate)")
    return number


def count(file: Path, people: People) -> int:
    """Return how often the texts of a database name some customers."""
    with closing(_opened(file, people)) as connection:
        return sum(
            connection.execute(
                f"select coalesce(sum(named({column})), 0) from {table} "  # noqa: S608  as above
                f"where typeof({column}) = 'text'"
            ).fetchone()[0]
            for table, column in _texts(connection)
        )


def _opened(file: Path, people: People) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_PATIENCE_SECONDS)
    connection.create_function("masked", 1, people.masked, deterministic=True)
    connection.create_function("named", 1, people.count_in, deterministic=True)
    return connection


def _texts(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the columns in which texts can be, as a statement names them."""
    tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (table,) in tables:
        for _, column, *_ in connection.execute(f'pragma table_info("{table}")').fetchall():
            yield f'"{table}"', f'"{column}"'
