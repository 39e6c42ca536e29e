"""What an erasure means to Dagster: nobody else at work, and what was made is made again.

Tables that lost rows of their own, and are as if they had been made without the customer, are
recorded as made. All that is made of them then is older than its inputs, and is made again by
`amazing run --new` or by automation, as after a month that was corrected.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from amazing_assets.churn.revenue.registered import VALUE_MODEL
from amazing_assets.churn.risk.registered import CHURN_MODELS
from amazing_assets.defs.dagster_private import prefix_of_logs
from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.defs.triggers.busy import others_at_work
from amazing_assets.defs.triggers.provenance import FILES_SIGNATURE
from amazing_assets.delivery.classification.registered import CLASSIFIER
from amazing_assets.models.store import ModelStore, RegisteredModel
from amazing_assets.next_actions.registered import NEXT_ACTION_MODEL
from amazing_assets.privacy.alone import ErasureError
from amazing_assets.privacy.erasure import Erased
from amazing_assets.privacy.histories import History, is_on_server
from amazing_assets.privacy.models import models_that_saw
from amazing_assets.privacy.registry import Registry
from amazing_assets.privacy.stores import Kept, Stores
from amazing_assets.segments.registered import SEGMENT_MODEL

MODELS: tuple[RegisteredModel, ...] = (
    SEGMENT_MODEL,
    NEXT_ACTION_MODEL,
    *CHURN_MODELS.values(),
    VALUE_MODEL,
)


_LANDED = ("raw_events", "rejected_events")

# In the order in which they are made; each is made of the customer's own rows alone.
_ROW_BY_ROW = (
    *_LANDED,
    "clean_events",
    "sessions",
    "user_products",
    "price_book",
    "contacts",
    "action_sequences",
    "next_action_vectors",
)

_FILE = "sqlite:///"

# A library that is asked for its address says so, if it has one.
_ADDRESS = "postgres_url"

BUSY = (
    "A run is under way, or was while customers were forgotten, and may have read them before; the "
    "request stays open, so wait until the run is over and start `amazing forget` again."
)


def model_stores(models: ModelsResource) -> list[ModelStore]:
    """Return where the versions of every model are; none where no model was ever trained."""
    file = models.tracking_uri.removeprefix(_FILE)
    is_made = file == models.tracking_uri or Path(file).exists()
    return [models.of(each) for each in MODELS] if is_made else []


def with_histories(stores: Stores, instance: dg.DagsterInstance, models: ModelsResource) -> Stores:
    """Return the stores and, where these lie elsewhere, what Dagster and MLflow keep there."""
    storages = (instance.run_storage, instance.event_log_storage, instance.schedule_storage)
    addresses = {getattr(each, _ADDRESS) for each in storages if hasattr(each, _ADDRESS)}
    found = [History("Dagster", address) for address in sorted(addresses)]
    logs = prefix_of_logs(instance)
    prefixes = (*stores.prefixes, *([logs] if logs else []))
    kept, file = _models_elsewhere(models.tracking_uri)
    return replace(stores, histories=(*found, *kept), prefixes=prefixes, beside=file)


def _models_elsewhere(address: str) -> tuple[tuple[Kept, ...], tuple[Path, ...]]:
    """Return what keeps models on a server, or the file that does, in the home or not."""
    if address.startswith(_FILE):
        file = Path(address.removeprefix(_FILE))
        return (), (file,) if file.exists() else ()
    if is_on_server(address):
        return (History("MLflow", address),), ()
    # A server that is asked in its own words, or a database of another kind, by way of MLflow.
    return (Registry(address, tuple(each.name for each in (*MODELS, CLASSIFIER))),), ()


def refuse_others(
    instance: dg.DagsterInstance, since: datetime | None = None, own_run: str | None = None
) -> None:
    """Refuse to go on beside a run that may write what it read of a customer before.

    Raises:
        ErasureError: A run is under way, or was since a moment.
    """
    if others_at_work(instance, since, own_run):
        raise ErasureError(BUSY)


@dataclass(frozen=True)
class Settlement:
    """What is done before a proven request is closed.

    Attributes:
        instance: Where materializations are recorded.
        stores: Of the models.
        own_run: In which this happens; None: in none.
        begun: Since when nobody else may have been at work.
    """

    instance: dg.DagsterInstance
    stores: Sequence[ModelStore]
    own_run: str | None
    begun: datetime

    @classmethod
    def beginning(
        cls, instance: dg.DagsterInstance, stores: Sequence[ModelStore], own_run: str | None = None
    ) -> "Settlement":
        """Return what settles an erasure that begins now.

        Raises:
            ErasureError: A run is under way.
        """
        refuse_others(instance, own_run=own_run)
        return cls(instance, stores, own_run, datetime.now(UTC))

    def __call__(self, done: Erased) -> Mapping[str, object]:
        """Record what was made anew; return which models had seen the customers.

        Raises:
            ErasureError: A run was under way meanwhile.
        """
        refuse_others(self.instance, self.begun, self.own_run)
        for table, key in _revised(done):
            _report(self.instance, table, key)
        months = done.rows.get("raw_events", {})
        return {"models that had seen them": models_that_saw(self.stores, months)}


def _revised(done: Erased) -> Iterator[tuple[str, str]]:
    for table in _ROW_BY_ROW:
        # Price books are made anew of events that changed.
        keys = done.rows.get("clean_events" if table == "price_book" else table, {})
        for key in sorted(keys):
            # What a crowded session means to others is told anew, from its events on.
            if table in _LANDED or key not in done.crowded:
                yield table, key


def _report(instance: dg.DagsterInstance, table: str, key: str) -> None:
    """Record that a partition was made again, of the same files as before."""
    asset = dg.AssetKey(table)
    wanted = dg.AssetRecordsFilter(asset_key=asset, asset_partitions=[key])
    for record in instance.fetch_materializations(wanted, limit=1).records:
        made = record.asset_materialization
        before = made.metadata if made else {}
        kept = {name: before[name] for name in (FILES_SIGNATURE,) if name in before}
        instance.report_runless_asset_event(
            dg.AssetMaterialization(
                asset, partition=key, metadata={**kept, "rows taken out": "of erased customers"}
            )
        )
