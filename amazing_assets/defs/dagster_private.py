"""Every private name of Dagster's that is used, and the public thing that is missing for it.

No other module imports one: when Dagster is upgraded, this is the page to read first.
"""

import dagster as dg

# The parser of the selections that the web UI takes: `AssetSelection.from_string` answers what it
# refuses in an older grammar, in which `+` means one layer.
from dagster._core.definitions.antlr_asset_selection.antlr_asset_selection import (
    AntlrAssetSelectionParser,
)

# The graph of assets as `Definitions.resolve_asset_graph` returns it: the method is public, the
# type of what it returns is not exported.
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

# What `any_deps_updated` returns: the one kind of condition with the method `ignore`, which is
# documented on a class that `dagster` does not export.
from dagster._core.definitions.declarative_automation.operators import DepsAutomationCondition

# Why a run ended outside of its steps: the public failure event carries it untyped.
from dagster._core.events import JobFailureData, RunFailureReason

# A run launcher of one's own is documented, what its health check answers with is not exported.
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus

# The stock DuckDB manager makes its `DbIOManager` in one method, with a client that cannot be
# exchanged: to write in one transaction, that method has to be written anew.
from dagster._core.storage.db_io_manager import DbIOManager

# The event log of a home: that it can be exchanged is documented, what it is made of is not.
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS

# The partition of a run, and whether it will be tried again, are public as texts of the UI only.
from dagster._core.storage.tags import PARTITION_NAME_TAG, WILL_RETRY_TAG

# What a code server knows of its runs: the client is public to launchers, its messages are not.
from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
from dagster._serdes import ConfigurableClassData, deserialize_value

# The error of a failed step; public functions hand it out, the type is in no public module.
from dagster_shared.error import SerializableErrorInfo

__all__ = [
    "INDEX_SHARD_NAME",
    "PARTITION_NAME_TAG",
    "SQLITE_BUSY_TIMEOUT_SECONDS",
    "WILL_RETRY_TAG",
    "AntlrAssetSelectionParser",
    "AssetGraph",
    "CanCancelExecutionRequest",
    "CanCancelExecutionResult",
    "CheckRunHealthResult",
    "ConfigurableClassData",
    "DbIOManager",
    "DefaultRunLauncher",
    "DepsAutomationCondition",
    "JobFailureData",
    "RunFailureReason",
    "SerializableErrorInfo",
    "SqliteEventLogStorage",
    "WorkerStatus",
    "deserialize_value",
    "free_slots",
    "latest_events",
    "latest_storage_ids",
    "prefix_of_logs",
]


def latest_storage_ids(instance: dg.DagsterInstance, asset: str) -> dict[str, int]:
    """Return of each partition of an asset the number of the event that made it last.

    One query; the public way, `fetch_materializations`, is one for every partition.
    """
    return dict(
        instance.event_log_storage.get_latest_storage_id_by_partition(
            dg.AssetKey(asset), dg.DagsterEventType.ASSET_MATERIALIZATION
        )
    )


def latest_events(
    instance: dg.DagsterInstance, asset: dg.AssetKey, kind: dg.DagsterEventType
) -> dict[str | None, int]:
    """Return of each partition of an asset the number of its last event of a kind.

    Of an asset without partitions it is that of None. `get_event_records` of the instance, the
    public way to what was planned, is deprecated.
    """
    log = instance.event_log_storage
    if found := log.get_latest_storage_id_by_partition(asset, kind):
        return dict(found.items())
    last = log.get_event_records(dg.EventRecordsFilter(kind, asset_key=asset), limit=1)
    return {None: last[0].storage_id} if last else {}


def free_slots(instance: dg.DagsterInstance, run_id: str) -> None:
    """Free the slots of pools that a dead run holds; the daemon would do so in its own time."""
    instance.event_log_storage.free_concurrency_slots_for_run(run_id)


def prefix_of_logs(instance: dg.DagsterInstance) -> str | None:
    """Return where in a bucket the logs of runs are; None: they are not in one.

    Public is only the configuration, in which names of variables may stand for what they hold.
    """
    known = vars(instance.compute_log_manager)
    bucket, prefix = known.get("_s3_bucket"), known.get("_s3_prefix") or ""
    return f"s3://{bucket}/{prefix}".rstrip("/") if bucket else None
