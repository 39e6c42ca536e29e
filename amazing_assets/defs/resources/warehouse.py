"""Frames to and from the DuckDB warehouse: a partition in one transaction, columns by name.

The stock manager commits DELETE and INSERT apart, so that a failed insert loses the month, and
inserts by position, so that reordered columns land in each other. It waits for a file that another
process holds, but for two minutes, and then fails with a traceback.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
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
from amazing_assets.warehouse.duckdb_writer import insert_by_name
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
        insert_by_name(connection, table_slice.table, obj, context.log.warning)
        context.add_output_metadata(
            {
                "dagster/row_count": obj.height,
                "dagster/table_name": f"{table_slice.schema}.{table_slice.table}",
            }
        )


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
