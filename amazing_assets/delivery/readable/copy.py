"""The copy of the warehouse that anybody may hold open, while runs write to the warehouse itself.

DuckDB lets one process write to a file, and then nobody else read it. So a copy is made after
every run that has written, and put in place of the one before by a rename: who has that one open
goes on with it, and no run of ours ever opens what is in place.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from amazing_assets import __version__
from amazing_assets.delivery.readable.names import add_names, names_segments, write_names
from amazing_assets.delivery.readable.together import customer_360
from amazing_assets.delivery.readable.views import lake_view
from amazing_assets.lake.lock import hold_at_once
from amazing_assets.places import SCHEMA
from amazing_assets.warehouse.described import about, comments, descriptions, identifier, qualified
from amazing_assets.warehouse.duckdb import connect
from amazing_assets.warehouse.waiting import PATIENCE_SECONDS, Waiting
from amazing_assets.warehouse.warehouse import WarehouseError, copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.delivery.readable.contracts import Contracts
    from amazing_assets.lake.table import Lake
    from amazing_assets.segments.naming.given import GivenNames

_EARLIER = "Of an earlier version of the platform, which called or counted it otherwise."

# What the rows of a table are called whose name is that of a view with names in words.
_ROWS = "rows_of_"

_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class ReadableCopy:
    """A warehouse, and its copy for everybody.

    Attributes:
        warehouse: The DuckDB file that runs write to.
        lake: Whose tables the copy shows as well.
        contracts: What tables are.
        given: The names that people gave to segments.
        patience: For how many seconds is waited for a run that writes.
    """

    warehouse: Path
    lake: Lake
    contracts: Contracts
    given: GivenNames = field(default_factory=dict)
    patience: float = PATIENCE_SECONDS

    @property
    def file(self) -> Path:
        """Where the copy is."""
        return copy_of(self.warehouse)

    def refresh(self) -> bool:
        """Make the copy anew, unless nothing that it shows has changed; returns whether it did.

        Raises:
            WarehouseError: Somebody holds the warehouse, or another process is at it.
        """
        if not self.warehouse.exists() and not (self._lake and self._lake.exists()):
            return False
        with self._alone():
            for left in self.file.parent.glob(f".{self.file.name}.*.making*"):
                left.unlink()
            views, before = self._views(), self._state()
            state = [
                # A new version of the platform may describe the same tables otherwise.
                _digest([*views, str(self.given), __version__]),
                *_stamp(self.warehouse),
                *_stamp(_log_of(self.warehouse)),
            ]
            if state == before and self.file.exists():
                return False
            self._replace(views)
            self._hidden("state").write_text(json.dumps(state))
        return True

    @property
    def _lake(self) -> Path | None:
        """The lake's folder; None: it lies in a bucket, and DuckDB reads none as it is shipped."""
        return self.lake.root if isinstance(self.lake.root, Path) else None

    def _views(self) -> list[str]:
        tables = self.contracts.lake if self._lake else ()
        return [each for name in tables for each in lake_view(name, self.lake, self.contracts)]

    def _replace(self, views: list[str]) -> None:
        making = self._hidden(f"{uuid.uuid4().hex[:12]}.making")
        try:
            self._copy(making)
            with closing(duckdb.connect(str(making))) as connection:
                connection.execute("begin")
                _describe(connection, self.contracts, self.given)
                connection.execute(";".join(views))
                known = _comments(connection)
                if self._lake:
                    connection.execute(";".join(customer_360(self.contracts, known)))
                connection.execute("commit")
            making.replace(self.file)
            # What a person wrote into the copy of before, and belongs to that alone.
            _log_of(self.file).unlink(missing_ok=True)
        finally:
            making.unlink(missing_ok=True)

    def _copy(self, making: Path) -> None:
        if not self.warehouse.exists():
            return
        # Open to read, so that nobody writes meanwhile.
        with closing(connect(self.warehouse, Waiting(self.patience), read_only=True)):
            shutil.copy(self.warehouse, making)
            if _log_of(self.warehouse).exists():
                shutil.copy(_log_of(self.warehouse), _log_of(making))

    def _state(self) -> list[object] | None:
        file = self._hidden("state")
        return json.loads(file.read_text() or "null") if file.exists() else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from making the copy: the last to end has seen the newest."""
        deadline = time.monotonic() + self.patience
        while (lock := hold_at_once(self._hidden("lock"))) is None:
            if time.monotonic() >= deadline:
                raise WarehouseError(
                    "Another process has been making the copy of the warehouse for "
                    f"{self.patience:g} seconds; the next run makes it anew."
                )
            time.sleep(_PAUSE_SECONDS)
        with closing(lock):
            yield

    def _hidden(self, suffix: str) -> Path:
        return self.file.with_name(f".{self.file.name}.{suffix}")


def _log_of(file: Path) -> Path:
    """Return where DuckDB keeps what is written and not yet in the file: that of a killed run."""
    return file.with_name(f"{file.name}.wal")


def _describe(
    connection: duckdb.DuckDBPyConnection, contracts: Contracts, given: GivenNames
) -> None:
    """Describe every table and column, and have segments called by their names."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    tables = _tables(connection)
    write_names(connection, tables, given)
    for table, columns in tables.items():
        contract = contracts.warehouse.get(table)
        described = descriptions(contract) if contract else {}
        said = about(contract) if contract else _EARLIER
        known = {name: described.get(name, _EARLIER) for name in columns}
        connection.execute(";".join(_with_names(table, said, known)))


def _with_names(table: str, said: str, columns: dict[str, str]) -> Iterator[str]:
    if not names_segments(columns):
        yield from comments("table", qualified(table), said, columns)
        return
    rows = f"{_ROWS}{table}"
    yield f"alter table {SCHEMA}.{identifier(table)} rename to {identifier(rows)}"
    yield from comments(
        "table", qualified(rows), f"The rows of {table} as they are stored. {said}", columns
    )
    stored = f"from {SCHEMA}.{identifier(rows)}"
    read = add_names(stored, columns)
    yield f"create view {SCHEMA}.{identifier(table)} as {read.query}"
    yield from comments("view", qualified(table), said, columns | read.columns)


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns of every table, in their order."""
    described = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where schema_name = ? and not internal group by 1 order by 1",
        [SCHEMA],
    ).fetchall()
    return dict(described)


def _comments(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return of every table and view what each of its columns is."""
    found: dict[str, dict[str, str]] = {}
    columns = connection.execute(
        "select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
        "where schema_name = ? and not internal",
        [SCHEMA],
    ).fetchall()
    for table, column, comment in columns:
        found.setdefault(table, {})[column] = comment
    return found


def _stamp(file: Path) -> list[int]:
    """Return what changes whenever a file is written to."""
    try:
        known = file.stat()
    except FileNotFoundError:
        return []
    return [known.st_mtime_ns, known.st_size]


def _digest(statements: list[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()
