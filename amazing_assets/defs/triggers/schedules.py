"""What the calendar starts."""

import dagster as dg

from amazing_assets.defs.dagster_private import latest_storage_ids

# The module, not its job: loading `defs/` would find the job twice.
from amazing_assets.defs.triggers import jobs
from amazing_assets.defs.triggers.busy import is_busy

_MODEL = dg.AssetKey("segment_model")


@dg.schedule(
    job=jobs.train_segments,
    # In a quarter's second week the files of its last month have landed. Seven nights of it, for in
    # one of them a backfill may be under way, and a training that fails is tried again.
    cron_schedule="0 4 8-14 1,4,7,10 *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Searches for segments in the second week of every quarter if the model has not seen the "
        "newest features; in one of seven nights, so that a training that failed is tried again."
    ),
)
def quarterly_training(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """Request a model search until there is one of the newest features."""
    instance = context.instance
    if is_busy(instance):
        return dg.SkipReason("runs are under way, and the model is trained once they are done")
    features = latest_storage_ids(instance, "user_features").values()
    if not features:
        return dg.SkipReason("there are no features yet")
    if _trained(instance) > max(features):
        return dg.SkipReason("the model has seen the newest features")
    return dg.RunRequest()


def _trained(instance: dg.DagsterInstance) -> int:
    """The number of the event that made the model last; 0 if there is none."""
    known = instance.get_asset_records([_MODEL])
    return known[0].asset_entry.last_materialization_storage_id or 0 if known else 0
