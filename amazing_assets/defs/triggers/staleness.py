"""A safety net: what should have been made again and was not."""

import json
from datetime import UTC, datetime, timedelta

import dagster as dg

from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.triggers.busy import is_busy
from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets.defs.triggers.provenance import stale_partitions

# Automation gets its chance first: without this, every month of features was made twice.
GRACE = timedelta(minutes=30)


@dg.sensor(
    target=dg.AssetSelection.assets("user_features"),
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Safety net: makes features that are not made of today's summaries, which automation "
        "misses after a failed run, at its first start or in a rare gap between two ticks."
    ),
)
def stale_features(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Request features that have been stale for a while, once for each state of their inputs."""
    instance, now = context.instance, datetime.now(UTC)
    if is_busy(instance):
        return dg.SkipReason("runs are under way, which may make what is stale")
    since: dict[str, str] = json.loads(context.cursor or "{}")
    stale = {
        f"{month}:{newest}": month
        for month, newest in stale_partitions(instance, "user_features", SUMMARIES).items()
        if MONTHS.has_partition_key(month)
    }
    since = {state: since.get(state, now.isoformat()) for state in stale}
    overdue = [s for s in stale if now - datetime.fromisoformat(since[s]) >= GRACE]
    waiting = f"automation goes first: {', '.join(stale.values())}" if stale else "nothing is stale"
    return dg.SensorResult(
        # A state is requested once, however its run ends: Dagster ignores a run key it has seen.
        run_requests=[
            dg.RunRequest(partition_key=stale[state], run_key=f"stale:{state}") for state in overdue
        ],
        skip_reason=None if overdue else waiting,
        cursor=json.dumps(since),
    )
