"""Everything that a home holds of customers, as a configured resource; and how long it lives."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg

from amazing_assets.cadence import MONTHLY
from amazing_assets.defs.resources.readable import CopiedFrom, copied_from
from amazing_assets.lake.sides import side_of
from amazing_assets.lake.table import Lake
from amazing_assets.places import Server
from amazing_assets.privacy.retention.lives import Lives
from amazing_assets.privacy.server import ServerTables
from amazing_assets.privacy.stores import Stores
from amazing_assets.settings import Settings, warehouse_password


class PrivacyResource(dg.ConfigurableResource[Stores]):
    """Where customers are, and where they ask."""

    home: str
    # A DuckDB file, or the address of a server and its schema.
    warehouse: str
    schema_name: str = ""
    lists: str
    requests: str
    landing: str
    # Of a warehouse on Redshift: where files lie until they are loaded.
    stage: str = ""
    copied: CopiedFrom | None = None

    def open(self, lake: Lake, warn: Callable[[str], None]) -> Stores:
        """Return all that is searched for a customer."""
        not_ours = [Path(each) for each in (self.requests, self.landing) if "://" not in each]
        copied = self.copied
        return Stores(
            Path(self.home),
            lake,
            self._warehouse,
            self.lists,
            tuple(not_ours),
            lambda: copied.refresh_at_once(warn) if copied else None,
            prefixes=(self.stage,) if self.stage else (),
        )

    @property
    def _warehouse(self) -> Path | ServerTables:
        if not self.schema_name:
            return Path(self.warehouse)
        return ServerTables(Server(self.warehouse, self.schema_name), warehouse_password())


def privacy_resource(settings: Settings) -> PrivacyResource:
    """Return what the settings name."""
    place = settings.warehouse
    return PrivacyResource(
        home=str(settings.home),
        warehouse=place.address if isinstance(place, Server) else str(place),
        schema_name=place.schema if isinstance(place, Server) else "",
        stage=place.stage if isinstance(place, Server) else "",
        lists=settings.lists,
        requests=settings.requests,
        landing=settings.landing,
        copied=copied_from(settings),
    )


def lives_of(settings: Settings, today: date | None = None) -> Lives:
    """Return how long everything lives, on a day; on the present one if none is given."""
    # Where everything is kept the lake, which may be a bucket, is not asked.
    is_limited = bool(settings.retention)
    where = settings.lake / "clean_events"
    months = side_of(settings.lake).published(where, MONTHLY) if is_limited else ()
    return Lives(
        settings.retention, today or datetime.now(UTC).date(), months[-1] if months else None
    )
