"""Frames to a warehouse on a server: PostgreSQL, or Redshift by way of S3."""

import dagster as dg
import polars as pl

from amazing_assets.defs.tables.contracts import WAREHOUSE
from amazing_assets.defs.tables.publish import plain_failures
from amazing_assets.places import Server
from amazing_assets.s3_client import s3_client
from amazing_assets.settings import warehouse_password
from amazing_assets.warehouse.loading import ByConnection, ByS3
from amazing_assets.warehouse.publication import ServerWriter
from amazing_assets.warehouse.waiting import Tell, untold
from amazing_assets.warehouse.warehouse import Replacement


class ServerIOManager(dg.ConfigurableIOManager):
    """Replaces a partition, or a whole table, in one transaction, and once a run."""

    # What is no secret of it, as `places.Server` has it.
    server: dict[str, str]

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame) -> None:
        """Write a frame."""
        table = context.asset_key.path[-1]
        key = context.asset_partition_key if context.has_asset_partitions else None
        replacement = Replacement(table, obj, context.run_id, key, WAREHOUSE.get(table))
        server = Server(**self.server)
        with plain_failures():
            is_new = server_writer(server, context.log.warning).write(replacement)
        if not is_new:
            context.log.info("The warehouse had been given these rows by this run before.")
        context.add_output_metadata(
            {"dagster/row_count": obj.height, "dagster/table_name": f"{server.schema}.{table}"}
        )

    def load_input(self, context: dg.InputContext) -> pl.DataFrame:
        """Refuse: who reads the warehouse asks for months by name."""
        raise NotImplementedError(context.asset_key.to_user_string())


def server_writer(server: Server, tell: Tell = untold) -> ServerWriter:
    """Return what writes to a server, with the password that the environment holds."""
    loading = ByConnection() if server.kind == "postgresql" else ByS3(server, s3_client())
    return ServerWriter(server, warehouse_password(), loading, tell)
