"""What is watched of the place of requests, and what an erasure asks of the models."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.resources.privacy import PrivacyResource
from amazing_assets.defs.triggers import jobs
from amazing_assets.defs.triggers.busy import is_busy
from amazing_assets.privacy.inbox import waiting_in
from amazing_assets.privacy.request import file_of

# A request that could not be done is tried again: the law leaves a month, and nothing is lost.
AGAIN_AFTER = timedelta(minutes=15)


@dg.sensor(
    target=dg.AssetSelection.assets("erasures"),
    minimum_interval_seconds=SETTINGS.sensor_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Forgets customers once their request lies in the place of requests and no run is under "
        "way; one that was not done is tried again every quarter of an hour."
    ),
)
def erasure_requests(
    context: dg.SensorEvaluationContext, privacy: PrivacyResource
) -> dg.SensorResult | dg.SkipReason:
    """Request one pass for all requests that lie there, and for one that was left open."""
    state = waiting_in(privacy.requests).state
    if not state and not file_of(Path(privacy.home)).exists():
        return dg.SkipReason("nobody asks to be forgotten")
    if is_busy(context.instance):
        return dg.SkipReason("runs are under way, which may have read who is to be forgotten")
    now, last = datetime.now(UTC), json.loads(context.cursor or "{}")
    if last.get("state") == state and now - datetime.fromisoformat(last["at"]) < AGAIN_AFTER:
        return dg.SkipReason("the request was tried just now, and is tried again in a while")
    return dg.SensorResult(
        run_requests=[dg.RunRequest()],
        cursor=json.dumps({"state": state, "at": now.isoformat()}),
    )


@dg.asset_sensor(
    asset_key=dg.AssetKey("erasures"),
    jobs=[jobs.train_segments, jobs.train_next_actions],
    minimum_interval_seconds=SETTINGS.sensor_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Trains models anew once customers were forgotten from whom they may have learnt, where "
        "AMAZING_RETRAIN is at_once; models of risk are searched anew every week in any case."
    ),
)
def retraining(
    context: dg.SensorEvaluationContext,  # noqa: ARG001  its signature
    asset_event: dg.EventLogEntry,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Request the trainings, once for each pass that took something out."""
    made = asset_event.asset_materialization
    rows = made.metadata.get("rows") if made else None
    if not SETTINGS.retrains_at_once or rows is None or not rows.value:
        yield dg.SkipReason("the next training by the calendar is enough")
        return
    for job in (jobs.train_segments, jobs.train_next_actions):
        yield dg.RunRequest(run_key=f"{job.name}:{asset_event.run_id}", job_name=job.name)
