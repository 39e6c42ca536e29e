"""Customers in histories on a server, Dagster's and MLflow's in PostgreSQL: texts that name nobody.

What is masked in a row stays on the disk as an earlier version of it until its table is swept.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from amazing_assets.errors import PlainError
from amazing_assets.places import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amazing_assets.privacy.databases import Naming

# Of the types whose values a person can read.
_TEXTS = ("text", "character varying", "character", "json", "jsonb")

# Both libraries write at any moment, each time for an instant.
_PATIENCE_MS = 60_000

# Rows on their way to us at a time: events of runs have some kilobytes.
_AT_ONCE = 2_000


class HistoryError(PlainError):
    """A history cannot be searched."""


class _Texts(NamedTuple):
    """The columns of texts of a table, each with its type."""

    schema: str
    table: str
    columns: Sequence[tuple[str, str]]


class _Row(NamedTuple):
    """A row that names somebody: where it is, how often it does, and its texts without that."""

    place: str
    number: int
    masked: Sequence[str | None]


@dataclass(frozen=True)
class History:
    """A database in which a library keeps what it did.

    Attributes:
        name: What a sentence calls it.
        address: As SQLAlchemy takes it; may hold a password.
    """

    name: str
    address: str = field(repr=False)

    def count(self, people: Naming) -> int:
        """Return how often the texts of the database name some customers."""
        with self._transaction() as connection:
            found = [
                row.number
                for texts in _tables(connection)
                for row in _named(connection, texts, people)
            ]
        return sum(found)

    def take_out(self, people: Naming) -> int:
        """Mask some customers in every text; return how often they were named."""
        number, changed = 0, []
        with self._transaction() as connection:
            for texts in _tables(connection):
                rows = list(_named(connection, texts, people))
                if rows:
                    _mask(connection, texts, rows)
                    changed.append(texts)
                    number += sum(row.number for row in rows)
        if changed:
            self._sweep(changed)
        return number

    def _sweep(self, changed: Sequence[_Texts]) -> None:
        from psycopg2 import sql  # noqa: PLC0415  needed with a server alone

        # No transaction may be open around it.
        with self._connection() as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for each in changed:
                    cursor.execute(sql.SQL("vacuum (full) {}").format(_named_table(each)))

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with self._connection() as connection, connection:
            yield connection

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        import psycopg2  # noqa: PLC0415  needed with a server alone

        scheme = urlsplit(self.address).scheme
        try:
            with closing(
                psycopg2.connect(
                    f"postgresql{self.address.removeprefix(scheme)}",
                    options=f"-c lock_timeout={_PATIENCE_MS}",
                    application_name="amazing-assets",
                )
            ) as connection:
                yield connection
        except psycopg2.Error as error:
            # Its message may quote the address, and what a row holds.
            raise HistoryError(
                f"The database of {self.name} cannot be searched ({type(error).__name__}); wait "
                f"until it answers, then start the command again."
            ) from None


def is_on_server(address: str) -> bool:
    """Whether an address of SQLAlchemy's is that of PostgreSQL."""
    return urlsplit(address).scheme.partition("+")[0] in {"postgresql", "postgres"}


def _tables(connection: Any) -> list[_Texts]:  # noqa: ANN401  psycopg2 is untyped
    """Return the tables with texts; those of a warehouse beside them are not a library's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_schema, table_name, column_name, data_type "
            "from information_schema.columns join information_schema.tables "
            "using (table_schema, table_name) "
            "where table_type = 'BASE TABLE' and data_type = any(%s) and table_schema <> %s "
            "and table_schema not like %s and table_schema not in "
            "('pg_catalog', 'information_schema') "
            "order by table_schema, table_name, ordinal_position",
            [list(_TEXTS), SCHEMA, f"{SCHEMA}\\_%"],
        )
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for schema, table, column, kind in cursor.fetchall():
            found.setdefault((schema, table), []).append((column, kind))
    return [_Texts(*name, columns) for name, columns in found.items()]


def _named(connection: Any, texts: _Texts, people: Naming) -> Iterator[_Row]:  # noqa: ANN401  as above
    """Yield the rows of a table that name somebody; they come a few at a time."""
    from psycopg2 import sql  # noqa: PLC0415  needed with a server alone

    columns = (sql.SQL("{}::text").format(sql.Identifier(name)) for name, _ in texts.columns)
    statement = sql.SQL("select ctid::text, {} from {}").format(
        sql.SQL(", ").join(columns), _named_table(texts)
    )
    with connection.cursor("texts") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(statement)
        for place, *values in cursor:
            number = sum(people.count_in(each) for each in values if each)
            if number:
                yield _Row(place, number, [each and people.masked(each) for each in values])


def _mask(connection: Any, texts: _Texts, rows: Sequence[_Row]) -> None:  # noqa: ANN401  as above
    from psycopg2 import sql  # noqa: PLC0415  needed with a server alone

    values = (
        sql.SQL("{} = %s::{}").format(sql.Identifier(name), sql.SQL(kind))
        for name, kind in texts.columns
    )
    # One that is written meanwhile lies elsewhere by then, and is found by the next look.
    statement = sql.SQL("update {} set {} where ctid = %s::tid").format(
        _named_table(texts), sql.SQL(", ").join(values)
    )
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(statement, [*row.masked, row.place])


def _named_table(texts: _Texts) -> Any:  # noqa: ANN401  as above
    from psycopg2 import sql  # noqa: PLC0415  needed with a server alone

    return sql.Identifier(texts.schema, texts.table)
