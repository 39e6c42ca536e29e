"""What the calendar starts."""

from datetime import datetime

import dagster as dg

from amazing_assets.defs.dagster_private import latest_storage_ids
from amazing_assets.defs.environment import SETTINGS

# The modules, not their jobs: loading `defs/` would find a job twice.
from amazing_assets.defs.triggers import jobs, removal
from amazing_assets.defs.triggers.busy import is_busy


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
    return _of_the_newest(context.instance, "segment_model", "user_features", "features")


@dg.schedule(
    job=jobs.train_next_actions,
    # An hour after the segments, for the same reasons.
    cron_schedule="0 5 8-14 1,4,7,10 *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Learns in the second week of every quarter what customers do next, if the model has not "
        "seen the newest sequences; in one of seven nights, so that a training that failed is "
        "tried again."
    ),
)
def quarterly_next_actions(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """Request a training until there is one of the newest sequences."""
    return _of_the_newest(context.instance, "next_action_model", "action_sequences", "sequences")


@dg.schedule(
    job=removal.retention,
    # The first week of a month: a day on which runs are under way is followed by another.
    cron_schedule="0 3 1-7 * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Removes once a month, in its first week, what is older than the settings let it be kept."
    ),
)
def monthly_retention(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """Request a pass if none was made this month."""
    if not SETTINGS.retention:
        return dg.SkipReason("everything is kept: AMAZING_RETENTION names nothing")
    why = why_later(context.instance, context.scheduled_execution_time)
    return dg.SkipReason(why) if why else dg.RunRequest()


def why_later(instance: dg.DagsterInstance, now: datetime) -> str | None:
    """Return why nothing is removed now; None: it is time."""
    if is_busy(instance):
        return "runs are under way, which may read what is to be removed"
    done = dg.RunsFilter(
        job_name=removal.retention.name,
        statuses=[dg.DagsterRunStatus.SUCCESS],
        created_after=now.replace(day=1, hour=0, minute=0),
    )
    done_already = instance.get_run_records(done, limit=1)
    return "what is over was removed this month" if done_already else None


def _of_the_newest(
    instance: dg.DagsterInstance, model: str, table: str, noun: str
) -> dg.RunRequest | dg.SkipReason:
    """Request a training of a model that has not seen the newest partition of a table."""
    if is_busy(instance):
        return dg.SkipReason("runs are under way, and the model is trained once they are done")
    made = latest_storage_ids(instance, table).values()
    if not made:
        return dg.SkipReason(f"there are no {noun} yet")
    if _trained(instance, model) > max(made):
        return dg.SkipReason(f"the model has seen the newest {noun}")
    return dg.RunRequest()


def _trained(instance: dg.DagsterInstance, model: str) -> int:
    """The number of the event that made a model last; 0 if there is none."""
    known = instance.get_asset_records([dg.AssetKey(model)])
    return known[0].asset_entry.last_materialization_storage_id or 0 if known else 0
