"""The lake, the landing zone and the models, as configured resources."""

from collections.abc import Set as AbstractSet
from dataclasses import asdict, replace
from pathlib import Path
from urllib.parse import quote

import dagster as dg

from amazing_assets.defs.resources.alerts import AlertsResource
from amazing_assets.defs.resources.privacy import privacy_resource
from amazing_assets.defs.resources.readable import CopiedFrom, copied_from
from amazing_assets.defs.resources.servers import ServerIOManager
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.events.reading.header import check_columns
from amazing_assets.lake.engine import engine_at
from amazing_assets.lake.key import bind_to_key, key_of_lake, refuse_while_rotating
from amazing_assets.lake.table import Lake
from amazing_assets.landing.bucket import Prefix
from amazing_assets.landing.origin import claim
from amazing_assets.landing.refusals import s3_errors
from amazing_assets.landing.zone import Folder, LandedFile, Zone
from amazing_assets.locations import Location, location_of
from amazing_assets.models.store import ModelStore, RegisteredModel
from amazing_assets.places import SCHEMA, Server
from amazing_assets.s3_client import s3_client
from amazing_assets.settings import (
    DEFAULT_REPORTS_URL,
    DEFAULT_SETTLE_SECONDS,
    Settings,
    load_settings,
    pseudonym_key,
    warehouse_password,
)
from amazing_assets.warehouse.attempts import pauses_within
from amazing_assets.warehouse.current import CurrentTables
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets.warehouse.waiting import PATIENCE_SECONDS, Tell, untold
from amazing_assets.warehouse.warehouse import Warehouse


class LakeResource(dg.ConfigurableResource[Lake]):
    """The customer-sharded tables."""

    root: str
    shards: int | None = None
    # Of a Dask scheduler whose workers take over the work on shards; None: it is done here.
    cluster: str | None = None
    # What everybody reads of it; None: nobody does.
    copied: CopiedFrom | None = None

    def open(self) -> Lake:
        """Return the lake.

        Raises:
            KeyFileError: Its pseudonym key is being replaced.
        """
        refuse_while_rotating(location_of(self.root))
        return self.open_anyway()

    def open_anyway(self) -> Lake:
        """Return the lake, of which tables may be under two keys."""
        return Lake(location_of(self.root), self.shards, engine_at(self.cluster), LAKE)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Have everybody read what the run has written."""
        if self.copied and context.log:
            self.copied.refresh(context.log.warning)


class LandingResource(dg.ConfigurableResource[Zone]):
    """The landing zone, and the key that makes pseudonyms of its customers."""

    root: str
    key_file: str
    settle_seconds: int = DEFAULT_SETTLE_SECONDS
    columns: dict[str, str] = {}  # noqa: RUF012  a field of pydantic's, copied for each resource

    def open(self) -> Zone:
        """Return the landing zone.

        Raises:
            LandingError: The zone is a bucket, and the `AWS_` variables lead to none.
        """
        if not self.root.startswith("s3://"):
            return Zone(Folder(Path(self.root)))
        with s3_errors(self.root):
            return Zone(Prefix.of(self.root, s3_client()))

    def files_of(self, month: str) -> list[LandedFile]:
        """Return the files of a month.

        Raises:
            LandingError: There is none, or files of two origins lie together.
        """
        files = self.open().files_of(month)
        return [replace(file, columns=self.columns) for file in files]

    def admit(self, lake: Location) -> str:
        """Return the pseudonym key with which customers of the zone may be read into a lake.

        The key is a secret: read when it is needed and never shown.

        Raises:
            LandingError: The home holds other customers than the zone.
            KeyFileError: There is no key, or it is not that of the lake.
        """
        file = Path(self.key_file)
        key = key_of_lake(lake, file, pseudonym_key())
        claim(file.parent, self.open(), lake)
        bind_to_key(lake, key)
        return key


class ModelsResource(dg.ConfigurableResource[None]):
    """The MLflow registry."""

    tracking_uri: str
    artifacts: str

    def of(self, model: RegisteredModel) -> ModelStore:
        """Return where the versions of a model are kept."""
        return ModelStore(self.tracking_uri, Path(self.artifacts).as_uri(), model)


class WarehouseResource(dg.ConfigurableResource[Warehouse]):
    """The warehouse, to read what other months say."""

    # Of a DuckDB file; empty: it is on a server.
    database: str = ""
    # What is no secret of it, as `places.Server` has it.
    server: dict[str, str] = {}  # noqa: RUF012  as above
    patience: float = PATIENCE_SECONDS

    def open(self) -> Warehouse:
        """Return the warehouse."""
        tell = dg.get_dagster_logger().warning
        place = Server(**self.server) if self.server else Path(self.database)
        return open_warehouse(place, self.patience, tell)


def open_lake(settings: Settings) -> Lake:
    """Return the lake that the settings name."""
    return lake_resource(settings).open()


def lake_resource(settings: Settings) -> LakeResource:
    """Return the lake that the settings name, and the copy that a run makes of it."""
    return LakeResource(
        root=str(settings.lake),
        shards=settings.shards,
        cluster=settings.cluster,
        copied=copied_from(settings),
    )


def open_warehouse(
    place: Path | Server, patience: float = PATIENCE_SECONDS, tell: Tell = untold
) -> CurrentTables:
    """Return a warehouse without the tables that an earlier version wrote with other columns.

    Args:
        place: The DuckDB file, or the server, that the settings name.
        patience: For how many seconds is waited for who holds the file, or a server that is away.
        tell: Is given a sentence while that lasts.
    """
    if isinstance(place, Path):
        return CurrentTables(DuckDBWarehouse(place, patience, tell), WAREHOUSE)
    pauses = pauses_within(patience)
    server = ServerWarehouse(place, warehouse_password(), WAREHOUSE, tell, pauses)
    return CurrentTables(server, WAREHOUSE)


def written_tables(place: Path | Server) -> AbstractSet[str]:
    """Return the tables that a warehouse may hold: what somebody deleted begins anew."""
    if isinstance(place, Path):
        return frozenset(WAREHOUSE if place.exists() else ())
    return ServerWarehouse(place, warehouse_password()).tables()


def landing_resource(settings: Settings) -> LandingResource:
    """Return the landing zone that the settings name.

    Raises:
        SettingsError: They give a name that is none of our columns'.
    """
    check_columns(settings.columns)
    return LandingResource(
        root=settings.landing,
        key_file=str(settings.key_file),
        settle_seconds=settings.settle_seconds,
        columns=dict(settings.columns),
    )


def models_resource(settings: Settings) -> ModelsResource:
    """Return the registry that the settings name."""
    return ModelsResource(
        tracking_uri=settings.mlflow_tracking_uri, artifacts=str(settings.artifacts)
    )


def warehouse_resource(settings: Settings) -> WarehouseResource:
    """Return the warehouse that the settings name, to read."""
    place = settings.warehouse
    if isinstance(place, Server):
        return WarehouseResource(server=asdict(place))
    return WarehouseResource(database=str(place))


def writing(settings: Settings) -> WarehouseIOManager | ServerIOManager:
    """Return the warehouse that the settings name, to write."""
    place = settings.warehouse
    if isinstance(place, Server):
        return ServerIOManager(server=asdict(place))
    return WarehouseIOManager(database=str(place), schema=SCHEMA, copied=copied_from(settings))


class ReportsResource(dg.ConfigurableResource[Path]):
    """The folder of the reports."""

    folder: str
    # Where a browser reads the folder.
    url: str = DEFAULT_REPORTS_URL

    def link(self, file: Path) -> str:
        """Return the address of a file of the folder."""
        return f"{self.url}/{quote(str(file.relative_to(self.folder)))}"

    @property
    def path(self) -> Path:
        """Return the folder."""
        return Path(self.folder)


class ListsResource(dg.ConfigurableResource[str]):
    """Where lists for campaigns are written, and how many customers can be contacted."""

    place: str
    budget: int


def resources() -> dg.Definitions:
    """Return the resources of this environment."""
    # Read here, not when the modules were imported: `amazing demo` enters a home after that.
    settings = load_settings()
    return dg.Definitions(
        executor=dg.in_process_executor,
        resources={
            "lake": lake_resource(settings),
            "landing": landing_resource(settings),
            "models": models_resource(settings),
            "warehouse_file": warehouse_resource(settings),
            "alerts": AlertsResource(web_ui=settings.web_ui),
            "reports": ReportsResource(folder=str(settings.reports), url=settings.reports_url),
            "privacy": privacy_resource(settings),
            "lists": ListsResource(place=settings.lists, budget=settings.contact_budget),
            "warehouse": writing(settings),
        },
    )
