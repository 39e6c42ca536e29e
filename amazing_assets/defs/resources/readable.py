"""The copy of the warehouse that everybody may read, made anew as a run ends."""

import logging
from pathlib import Path

from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE, WEEKLY_TABLES
from amazing_assets.delivery.readable.contracts import Contracts
from amazing_assets.delivery.readable.copy import ReadableCopy
from amazing_assets.fault_log import told
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake


def readable_copy(warehouse: Path, lake: Path) -> ReadableCopy:
    """Return the copy of a warehouse, with the tables of a lake."""
    tables = Lake(lake, None, LocalEngine(), LAKE)
    return ReadableCopy(warehouse, tables, Contracts(LAKE, WAREHOUSE, WEEKLY_TABLES))


def refresh(warehouse: str, lake: str, log: logging.Logger) -> None:
    """Make the copy anew; a run has done its work, and does not fail where that cannot be done."""
    try:
        readable_copy(Path(warehouse), Path(lake)).refresh()
    except Exception as error:  # noqa: BLE001  whatever it is
        log.warning("The copy of the warehouse stays as it was before this run. %s", told(error))
