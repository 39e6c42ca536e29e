"""What is older than it may be kept is removed once a month: a job, and no part of any run."""

from pathlib import Path
from typing import Any

import dagster as dg

from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.resources.privacy import PrivacyResource, lives_of
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.tables.publish import failing_plainly
from amazing_assets.defs.triggers.busy import others_at_work
from amazing_assets.defs.triggers.erased import model_stores
from amazing_assets.defs.triggers.history import RunHistory
from amazing_assets.errors import PlainError
from amazing_assets.models.store import ModelStore
from amazing_assets.privacy.retention.files import Files
from amazing_assets.privacy.retention.models import Models
from amazing_assets.privacy.retention.removal import Keeper, amounts, remove
from amazing_assets.privacy.retention.tables import LakeTables, WarehouseTables
from amazing_assets.privacy.stores import Stores


class RemovalError(PlainError):
    """What is older than it may be kept cannot be removed now."""


def keepers(
    stores: Stores, models: list[ModelStore], instance: dg.DagsterInstance
) -> tuple[Keeper, ...]:
    """Return every store of a home of which parts have a life."""
    home = stores.home
    return (
        LakeTables(stores.lake),
        WarehouseTables(stores),
        Models(models),
        Files("reports", (str(home / "reports"), str(home / "views"), *_elsewhere(stores))),
        Files("logs", (str(home / "logs"), str(home / "dagster" / "storage"))),
        RunHistory(instance),
    )


def refuse_beside_runs(instance: dg.DagsterInstance, own_run: str | None = None) -> None:
    """Refuse to remove what a run may be reading.

    Raises:
        RemovalError: One is under way.
    """
    if others_at_work(instance, own_run=own_run):
        raise RemovalError(
            "A run is under way and may read what is to be removed; wait until it is over, then "
            "start `amazing retention` again."
        )


def _elsewhere(stores: Stores) -> tuple[str, ...]:
    """Return where lists are, if that is not among the reports."""
    lists = stores.lists
    is_inside = not lists.startswith("s3://") and Path(lists).is_relative_to(stores.home)
    return () if is_inside else (lists,)


@dg.op
@failing_plainly
def remove_outlived(
    context: dg.OpExecutionContext,
    lake: LakeResource,
    privacy: PrivacyResource,
    models: ModelsResource,
) -> None:
    """Remove what is over from every store."""
    refuse_beside_runs(context.instance, context.run_id)
    stores = privacy.open(lake.open(), context.log.warning)
    everything = keepers(stores, model_stores(models), context.instance)
    removed = amounts(remove(stores, everything, lives_of(SETTINGS)))
    context.add_output_metadata(dict[str, Any](removed))


@dg.job(
    description=(
        "Removes events, features, scores, models, reports, logs and runs that are older than the "
        "settings let them be kept; what an open request of a customer needs stays, and the ledger "
        "keeps what went."
    )
)
def retention() -> None:
    """Remove what is over."""
    remove_outlived()
