"""The lake, the landing zone and the models, as configured resources."""

from pathlib import Path

import dagster as dg

from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.delivery.duckdb import SCHEMA
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.landing.zone import Zone
from amazing_assets.pseudonym import read_key
from amazing_assets.settings import load_settings, pseudonym_key


class LakeResource(dg.ConfigurableResource[Lake]):
    """The customer-sharded tables."""

    root: str
    shards: int

    def open(self) -> Lake:
        """Return the lake."""
        return Lake(Path(self.root), self.shards, LocalEngine())


class LandingResource(dg.ConfigurableResource[Zone]):
    """The landing zone, and the key that makes pseudonyms of its customers."""

    folder: str
    key_file: str

    def open(self) -> Zone:
        """Return the landing zone."""
        return Zone(Path(self.folder))

    def key(self) -> str:
        """Return the pseudonym key: a secret, read when it is needed and never shown."""
        return pseudonym_key() or read_key(Path(self.key_file))


class ModelsResource(dg.ConfigurableResource[None]):
    """The MLflow registry."""

    tracking_uri: str
    artifacts: str


class WarehouseResource(dg.ConfigurableResource[Path]):
    """The warehouse's file, to read what other months say."""

    database: str

    @property
    def path(self) -> Path:
        """Return the file."""
        return Path(self.database)


class ReportsResource(dg.ConfigurableResource[Path]):
    """The folder of the reports."""

    folder: str

    @property
    def path(self) -> Path:
        """Return the folder."""
        return Path(self.folder)


@dg.definitions
def resources() -> dg.Definitions:
    """Return the resources of this environment; settings are checked here, at start."""
    settings = load_settings()
    return dg.Definitions(
        executor=dg.in_process_executor,
        resources={
            "lake": LakeResource(root=str(settings.lake), shards=settings.shards),
            "landing": LandingResource(
                folder=str(settings.landing), key_file=str(settings.key_file)
            ),
            "models": ModelsResource(
                tracking_uri=settings.mlflow_tracking_uri, artifacts=str(settings.artifacts)
            ),
            "warehouse_file": WarehouseResource(database=str(settings.warehouse)),
            "reports": ReportsResource(folder=str(settings.reports)),
            "warehouse": WarehouseIOManager(database=str(settings.warehouse), schema=SCHEMA),
        },
    )
