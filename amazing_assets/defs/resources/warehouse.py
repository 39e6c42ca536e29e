"""Frames to and from the DuckDB warehouse: a partition in one transaction, columns by name.

The stock manager commits DELETE and INSERT apart, so that a failed insert loses the month, and
inserts by position, so that reordered columns land in each other. It waits for a file that another
process holds, but for two minutes, and then fails with a traceback.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from dagster_duckdb.io_manager import DuckDbClient
from dagster_duckdb_polars import DuckDBPolarsIOManager
from dagster_duckdb_polars.duckdb_polars_type_handler import DuckDBPolarsTypeHandler

from amazing_assets.defs.dagster_private import DbIOManager
from amazing_assets.defs.resources.readable import CopiedFrom
from amazing_assets.defs.tables.publish import plain_failures
from amazing_assets.warehouse import duckdb
from amazing_assets.warehouse.waiting import Waiting
from amazing_assets.warehouse.warehouse import WarehouseError


class AtomicClient(DuckDbClient):
    """Deletes and inserts in one transaction."""

    @staticmethod
    @contextmanager
    def connect(context: Any, _: Any) -> Iterator[Any]:  # noqa: ANN401  untyped
        """Yield a connection in a transaction; an error inside it rolls back.

        Raises:
            Failure: Another process does not let go of the file.
        """
        settings = context.resource_config
        try:
            opened = duckdb.connect(
                Path(settings["database"]),
                Waiting(settings["patience"], context.log.warning),
                config={"custom_user_agent": "dagster", **settings["connection_config"]},
            )
        except WarehouseError as error:
            raise dg.Failure(str(error)) from None
        with plain_failures(), closing(opened) as connection:
            connection.execute("begin")
            yield connection
            connection.execute("commit")

    @staticmethod
    def delete_table_slice(context: Any, table_slice: Any, connection: Any) -> None:  # noqa: ANN401
        """Delete the partition, if the table is known: an error would abort the transaction."""
        known = connection.execute(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
            [table_slice.schema, table_slice.table],
        ).fetchone()
        if known:
            DuckDbClient.delete_table_slice(context, table_slice, connection)


class ByNameHandler(DuckDBPolarsTypeHandler):
    """Inserts columns by name; a table whose columns have changed since is set aside."""

    def handle_output(self, context: Any, table_slice: Any, obj: Any, connection: Any) -> None:  # noqa: ANN401
        """Insert a frame."""
        table = f'{table_slice.schema}."{table_slice.table}"'
        frame = obj.to_arrow()  # noqa: F841  DuckDB reads it by its name
        kept = set_aside(connection, table_slice.schema, table_slice.table, set(obj.columns))
        if kept:
            context.log.warning(
                "%s had the columns of an earlier version of the platform and begins anew; what is "
                "left of it is kept as %s, and `amazing run` makes its other months again.",
                table,
                kept,
            )
        connection.execute(f"create table if not exists {table} as select * from frame limit 0")  # noqa: S608  our own names
        connection.execute(f"insert into {table} by name select * from frame")  # noqa: S608  our own names
        context.add_output_metadata(
            {
                "dagster/row_count": obj.height,
                "dagster/table_name": f"{table_slice.schema}.{table_slice.table}",
            }
        )


def set_aside(connection: Any, schema: str, table: str, columns: set[str]) -> str | None:  # noqa: ANN401  untyped
    """Rename a table that has other columns, so that one with these can take its place.

    Returns:
        Its new name, `segment_rules_earlier`; None if it stays, or held nothing and is dropped.
    """
    described = connection.execute(
        "select column_name from information_schema.columns "
        "where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    held = {name for (name,) in described}
    if not held or held == columns:
        return None
    named = f'{schema}."{table}"'
    if not connection.execute(f"select 1 from {named} limit 1").fetchone():  # noqa: S608  our own names
        connection.execute(f"drop table {named}")
        return None
    taken = {
        name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
    }
    numbered = (f"{table}_earlier{'' if number == 1 else f'_{number}'}" for number in count(1))
    new = next(name for name in numbered if name not in taken)
    connection.execute(f'alter table {named} rename to "{new}"')
    return f"{schema}.{new}"


class WarehouseIOManager(DuckDBPolarsIOManager):
    """The stock manager, made atomic, by name and patient."""

    # Several runs may want to write, each for some two seconds.
    patience: float = 60.0

    # What everybody reads of it; None: there is no copy.
    copied: CopiedFrom | None = None

    @staticmethod
    def type_handlers() -> Sequence[Any]:
        """Return the handler of frames."""
        return [ByNameHandler()]

    def create_io_manager(self, context: Any) -> DbIOManager:  # noqa: ANN401, ARG002  its signature
        """Return the manager of one run."""
        return DbIOManager(
            db_client=AtomicClient(),
            database=self.database,
            schema=self.schema_,
            type_handlers=self.type_handlers(),
            default_load_type=pl.DataFrame,
            io_manager_name="WarehouseIOManager",
        )

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Have everybody read what the run has written."""
        if self.copied and context.log:
            self.copied.refresh(context.log.warning)
