"""Dagster's event log of a home, which a run writes some hundred times."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

import dagster as dg
from sqlalchemy import Connection, Engine, NullPool, create_engine

from amazing_assets.defs.dagster_private import (
    INDEX_SHARD_NAME,
    SQLITE_BUSY_TIMEOUT_SECONDS,
    ConfigurableClassData,
    SqliteEventLogStorage,
)
from amazing_assets.whole_files import write_once

# Where Dagster itself keeps it, so that a home can be opened with either.
_PLACE = Path("history") / "runs"

# Of the runs that a page or the daemon looks at, the last ones.
_ENGINES = 64


class QuickSqliteEventLogStorage(SqliteEventLogStorage):
    """Dagster's own event log in SQLite, the same files, in two thirds of the processor's time.

    The stock one makes an engine for every event, and looks through its migrations to begin the
    file of every run: of a run of ten small assets 1.0 instead of 1.55 seconds.
    """

    @classmethod
    def config_type(cls) -> Any:  # noqa: ANN401  as Dagster has it
        """Return what is configured: Dagster's home."""
        return {"home": dg.StringSource}

    @classmethod
    def from_config_value(
        cls,
        inst_data: ConfigurableClassData | None,
        config_value: Mapping[str, str],  # type: ignore[override]  # of a configuration of our own
    ) -> Self:
        """Return the event log of a home."""
        return cls(str(Path(config_value["home"]) / _PLACE), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = _engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _initdb(self, engine: Engine, for_index_shard: bool = False) -> None:  # noqa: FBT001, FBT002  as Dagster has it
        file = Path(str(engine.url.database))
        if for_index_shard or file.stem == INDEX_SHARD_NAME or file.exists():
            super()._initdb(engine, for_index_shard)
        else:
            write_once(file, self._empty)

    @cached_property
    def _empty(self) -> bytes:
        """The file of a run of which nothing is known, made as Dagster makes it."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "empty.db"
            super()._initdb(_engine_of(f"sqlite:///{file}"))
            return file.read_bytes()


def _engine_of(place: str) -> Engine:
    timeout = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
    return create_engine(place, poolclass=NullPool, connect_args=timeout)


_engine = lru_cache(_ENGINES)(_engine_of)
