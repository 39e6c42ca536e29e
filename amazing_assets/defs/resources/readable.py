"""The copy of the warehouse that everybody may read, made anew as a run ends."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg

from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE, WEEKLY_TABLES
from amazing_assets.delivery.readable.contracts import Contracts
from amazing_assets.delivery.readable.copy import ReadableCopy
from amazing_assets.fault_log import told
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.locations import location_of
from amazing_assets.places import Server
from amazing_assets.segments.naming.given import given_names
from amazing_assets.settings import Settings


class CopiedFrom(dg.Config):
    """What the copy shows."""

    warehouse: str
    lake: str
    models: str

    def refresh(self, warn: Callable[[str], None]) -> None:
        """Make the copy anew; a run has done its work, and does not fail where that cannot be."""
        try:
            self._copy().refresh()
        except Exception as error:  # noqa: BLE001  whatever it is
            warn(f"The copy of the warehouse stays as it was. {told(error)}")

    def _copy(self) -> ReadableCopy:
        lake = Lake(location_of(self.lake), None, LocalEngine(), LAKE)
        contracts = Contracts(LAKE, WAREHOUSE, WEEKLY_TABLES)
        given = given_names(Path(self.models))
        return ReadableCopy(Path(self.warehouse), lake, contracts, given)


def copied_from(settings: Settings) -> CopiedFrom | None:
    """Return what the copy of a home shows; None: a server needs none, it keeps nobody waiting."""
    if isinstance(settings.warehouse, Server):
        return None
    return CopiedFrom(
        warehouse=str(settings.warehouse),
        lake=str(settings.lake),
        models=str(settings.artifacts),
    )
