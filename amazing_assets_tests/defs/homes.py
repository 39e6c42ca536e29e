"""Dagster for real in a folder of its own: assets, resources, an ephemeral instance."""

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg

from amazing_assets.dates import first_day
from amazing_assets.defs.assets import customers, events
from amazing_assets.defs.resources.servers import ServerIOManager
from amazing_assets.defs.resources.stores import LakeResource, LandingResource, WarehouseResource
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.locations import location_of
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets.warehouse.warehouse import read_month

SHARDS = 3
MONTH = [
    events.landed_events,
    events.clean_events,
    events.event_statistics,
    customers.sessions,
    customers.user_products,
    customers.price_book,
    customers.user_features,
]


class Home:
    """A landing zone, a lake and a warehouse in one folder; the zone may be elsewhere."""

    def __init__(
        self, folder: Path, landing_root: str | None = None, lake_root: str | None = None
    ) -> None:
        self.landing, self.warehouse = folder / "landing", folder / "warehouse.duckdb"
        self.landing.mkdir(parents=True)
        self.key_file = folder / "pseudonym.key"
        self.lake = Lake(location_of(lake_root or str(folder / "lake")), SHARDS, LocalEngine())
        self.resources = {
            "lake": LakeResource(root=str(self.lake.root), shards=SHARDS),
            "landing": LandingResource(
                root=landing_root or str(self.landing), key_file=str(self.key_file)
            ),
            "warehouse_file": WarehouseResource(database=str(self.warehouse)),
            "warehouse": WarehouseIOManager(database=str(self.warehouse), schema="amazing"),
        }

    def materialize(self, month="2019-10", assets=MONTH):
        return materialize(assets, month, self.resources)

    def table(self, name, month="2019-10"):
        return self.lake.scan(name, month).collect()

    def figures(self, name, month="2019-10"):
        return read_month(DuckDBWarehouse(self.warehouse), name, first_day(month))


def on_server(home, server):
    """The resources of a home whose warehouse is on a server; lake and models stay."""
    place = asdict(server)
    return home.resources | {
        "warehouse_file": WarehouseResource(server=place),
        "warehouse": ServerIOManager(server=place),
    }


def materialize(assets, month, resources):
    """Run assets for real; a run that fails is the caller's to judge."""
    with TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral(tempdir=folder) as instance:
        return dg.materialize(
            assets,
            partition_key=month,
            resources=resources,
            instance=instance,
            raise_on_error=False,
        )


def failure(run):
    """What a failed run tells a person."""
    (step,) = [event for event in run.all_events if event.is_step_failure]
    return step.step_failure_data.user_failure_data.description


def made(run):
    return {
        event.step_materialization_data.materialization.asset_key.to_user_string()
        for event in run.all_events
        if event.is_step_materialization
    }


def checks(run):
    return {
        (check.asset_key.to_user_string(), check.check_name): check
        for check in run.get_asset_check_evaluations()
    }
