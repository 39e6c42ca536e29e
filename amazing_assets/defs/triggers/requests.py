"""What is watched of the folder of requests."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.resources.privacy import PrivacyResource
from amazing_assets.defs.triggers.busy import is_busy
from amazing_assets.privacy.inbox import files_in, state_of
from amazing_assets.privacy.request import file_of

# A request that could not be done is tried again: the law leaves a month, and nothing is lost.
AGAIN_AFTER = timedelta(minutes=15)


@dg.sensor(
    target=dg.AssetSelection.assets("erasures"),
    minimum_interval_seconds=SETTINGS.sensor_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Forgets customers once their request lies in the folder of requests and no run is under "
        "way; one that was not done is tried again every quarter of an hour."
    ),
)
def erasure_requests(
    context: dg.SensorEvaluationContext, privacy: PrivacyResource
) -> dg.SensorResult | dg.SkipReason:
    """Request one pass for all requests that lie there, and for one that was left open."""
    state = state_of(files_in(Path(privacy.requests)))
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
