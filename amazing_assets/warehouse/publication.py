"""A partition written to a server: staged, audited, exchanged in one transaction, and once."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import polars as pl

from amazing_assets.warehouse.attempts import PAUSES_SECONDS, attempted
from amazing_assets.warehouse.connection import (
    LOCK_PATIENCE_SECONDS,
    connect,
    told,
)
from amazing_assets.warehouse.dialects import catalogued_type
from amazing_assets.warehouse.statements import Statements
from amazing_assets.warehouse.waiting import Tell, untold
from amazing_assets.warehouse.warehouse import WarehouseError

if TYPE_CHECKING:
    from amazing_assets.places import Server
    from amazing_assets.warehouse.loading import Loading
    from amazing_assets.warehouse.warehouse import Replacement


@dataclass(frozen=True)
class ServerWriter:
    """Writes to PostgreSQL or Redshift.

    Attributes:
        server: The database.
        password: Of its user; None: the driver finds it, or none is asked for.
        loading: How rows reach it.
        tell: Is given a sentence before another attempt.
        pauses: Seconds before each of them.
        patience: For how many seconds is waited for a table that others hold.
    """

    server: Server
    password: str | None = field(repr=False)
    loading: Loading
    tell: Tell = untold
    pauses: tuple[float, ...] = PAUSES_SECONDS
    patience: float = LOCK_PATIENCE_SECONDS

    def write(self, replacement: Replacement) -> bool:
        """Replace a partition; returns False if the same run had done so before.

        A commit of which the answer was lost is repeated, and found in the ledger.
        """
        # A type that has no place there is refused before anything is written.
        Statements(self.server, replacement.table).create_stage(replacement.frame.schema)
        with tempfile.TemporaryFile() as file:
            self.loading.write(replacement.frame, file)
            content = _digest(file)
            attempt = partial(self._attempt, replacement, file, content)
            return attempted(attempt, self.tell, self.pauses)

    def drop(self, table: str) -> None:
        """Remove a table, with what is remembered of it."""
        statements = Statements(self.server, table)
        with (
            closing(self._connect()) as connection,
            told(self.server, table),
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(";".join(statements.drop()))

    def _connect(self) -> Any:  # noqa: ANN401  psycopg2 is untyped
        return connect(self.server, self.password, self.patience)

    def _attempt(self, replacement: Replacement, file: IO[bytes], content: str) -> bool:
        table = replacement.table
        publication = _Publication(Statements(self.server, table), replacement, content)
        with closing(self._connect()) as connection, told(self.server, table):
            # Each block is a transaction: an error within it takes all of it back.
            with connection, connection.cursor() as cursor:
                publication.prepare(cursor)
            with connection, connection.cursor() as cursor:
                publication.stage(cursor, self.loading, file)
            # Of its own, so that no lock is held while rows are loaded, and begun by the lock: what
            # Redshift reads before that would be of another moment.
            with connection, connection.cursor() as cursor:
                return publication.exchange(cursor)


@dataclass(frozen=True)
class _Publication:
    statements: Statements
    replacement: Replacement
    content: str

    @property
    def _schema(self) -> pl.Schema:
        return self.replacement.frame.schema

    @property
    def _recorded(self) -> tuple[str, str, str, str]:
        wanted = self.replacement
        return (wanted.table, wanted.key or "", wanted.run, self.content)

    def prepare(self, cursor: Any) -> None:  # noqa: ANN401  psycopg2 is untyped
        """Make schema, ledger and table what they should be.

        Raises:
            WarehouseError: A column has another type than the rows.
        """
        say = self.statements
        if not _first(cursor, say.has_schema()):
            cursor.execute(say.create_schema())
        cursor.execute(say.create_ledger())
        if not self._columns(cursor):
            cadence = self.replacement.cadence
            cursor.execute(say.create(self._schema, cadence.name if cadence else None))
        cursor.execute(say.lock())
        held = self._columns(cursor)
        self._refuse_other_types(held)
        missing = {name: dtype for name, dtype in self._schema.items() if name not in held}
        changes = [*say.add(pl.Schema(missing)), *say.describe(self.replacement.contract)]
        cursor.execute(";".join(changes))

    def stage(self, cursor: Any, loading: Loading, file: IO[bytes]) -> None:  # noqa: ANN401  as above
        """Load the rows into a table that nobody else sees, and count them there.

        Raises:
            WarehouseError: They are not what was handed over.
        """
        cursor.execute(self.statements.create_stage(self._schema))
        file.seek(0)
        loading.load(cursor, self.statements.stage, file)
        loaded, inside, keys = _first(cursor, self.statements.audit(self.replacement))
        height = self.replacement.frame.height
        name = f"{self.replacement.table} {self.replacement.key or ''}".rstrip()
        if loaded != height:
            raise WarehouseError(
                f"Of {height:,} rows of {name} the warehouse took in {loaded:,}; nothing was "
                f"changed, run again."
            )
        if height and inside != height:
            raise WarehouseError(
                f"Of {height:,} rows of {name} {height - inside:,} belong to another "
                f"{self.replacement.cadence.name}; nothing was changed, correct what makes them."  # type: ignore[union-attr]
            )
        if keys != height:
            raise WarehouseError(
                f"Of {height:,} rows of {name} {height - keys:,} have the key of another; nothing "
                f"was changed, correct what makes them."
            )

    def exchange(self, cursor: Any) -> bool:  # noqa: ANN401  as above
        """Put the staged rows in the place of those before, unless that was done already."""
        say = self.statements
        cursor.execute(say.lock())
        if _first(cursor, say.is_recorded(), self._recorded):
            return False
        cursor.execute(say.delete(self.replacement))
        cursor.execute(say.insert(self._schema))
        now = datetime.now(UTC).replace(tzinfo=None)
        cursor.execute(say.record(), (*self._recorded, self.replacement.frame.height, now))
        return True

    def _columns(self, cursor: Any) -> dict[str, str]:  # noqa: ANN401  as above
        cursor.execute(self.statements.columns())
        return dict(cursor.fetchall())

    def _refuse_other_types(self, held: dict[str, str]) -> None:
        dialect, table = self.statements.dialect, self.replacement.table
        for name, dtype in self._schema.items():
            wanted = catalogued_type(dialect, dtype)
            if held.get(name, wanted) != wanted:
                raise WarehouseError(
                    f"The column {name} of {table} is {held[name]} in the warehouse and would be "
                    f"{wanted}; rename the table there, and run its months again."
                )


def _first(cursor: Any, query: str, values: tuple[str, ...] | None = None) -> Any:  # noqa: ANN401  as above
    cursor.execute(query, values)
    return cursor.fetchone()


def _digest(file: Any) -> str:  # noqa: ANN401  typed as more than a temporary file is
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()
