"""What is watched: the landing folder, and features that missed their turn."""

import json
from datetime import UTC, datetime, timedelta

import dagster as dg

# The module, not its job: loading `defs/` would find the job twice.
from amazing_assets.defs import jobs
from amazing_assets.defs.activity import is_busy
from amazing_assets.defs.assets.customers import SUMMARIES
from amazing_assets.defs.inputs import drift_alarm, made_of_files, stale_months
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.stores import LandingResource
from amazing_assets.landing.arrivals import Arrival, Unread, arrivals
from amazing_assets.landing.cursor import Cursor
from amazing_assets.landing.zone import LandingError
from amazing_assets.settings import load_settings

# Names of an observation or a tag: enough to act on, and the event log stays small.
_NAMES = 100
_TAG_LENGTH = 250

# Automation gets its chance first: without this, every month of features was made twice.
GRACE = timedelta(minutes=30)


@dg.sensor(
    job=jobs.month_job,
    minimum_interval_seconds=load_settings().sensor_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a month once its files have landed and stopped changing.",
)
def landing_files(
    context: dg.SensorEvaluationContext, landing: LandingResource
) -> dg.SensorResult | dg.SkipReason:
    """Request a run of each month that has arrived; report files that nobody will read."""
    try:
        zone = landing.open()
        listing = zone.listing()
    except LandingError as error:
        return dg.SkipReason(str(error))
    cursor = Cursor.from_json(context.cursor)
    # An unknown partition would fail the tick, and with it all other months.
    found = arrivals(
        listing,
        cursor,
        datetime.now(UTC),
        is_known=MONTHS.has_partition_key,
        is_made_of=made_of_files(context.instance, jobs.MONTHLY),
        settle=timedelta(seconds=landing.settle_seconds),
    )
    # A prefix that is misspelled looks like one where nothing has landed.
    nothing = f"nothing has landed in {zone}"
    return dg.SensorResult(
        run_requests=[_request(arrival) for arrival in found.ready],
        skip_reason=None if found.ready else found.summary if listing else nothing,
        cursor=found.cursor.to_json(),
        asset_events=_observations(found.unreported),
    )


def _request(arrival: Arrival) -> dg.RunRequest:
    files = ", ".join(arrival.files)[:_TAG_LENGTH]
    return dg.RunRequest(
        run_key=arrival.run_key, partition_key=arrival.month, tags={"landing/files": files}
    )


def _observations(unread: Unread) -> list[dg.AssetObservation]:
    if not unread.names:
        return []
    return [
        dg.AssetObservation(
            "landing_zone",
            description="Files that nobody will read; rename or remove them.",
            metadata={
                "files": len(unread.names),
                "names that say no month": list(unread.odd[:_NAMES]),
                "months that are not ours": list(unread.outside[:_NAMES]),
            },
        )
    ]


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
        for month, newest in stale_months(instance, "user_features", SUMMARIES).items()
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


@dg.sensor(
    target=dg.AssetSelection.assets("event_threshold", "segment_model"),
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Trains the segment model out of turn when the newest month's customers are no longer what "
        "they were at its fit; once for each champion, however many months say so."
    ),
)
def segments_drift(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Request a training if the newest month with features asks for a refit."""
    instance = context.instance
    if is_busy(instance):
        return dg.SkipReason("runs are under way, which may bring a newer month")
    alarm = drift_alarm(instance)
    if alarm is None:
        return dg.SkipReason("the newest month does not ask for a new fit")
    # Dagster ignores a run key it has seen: a backfill of drifted months trains once, and a refit
    # that waits for a person is not repeated meanwhile.
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"drift:{alarm}")])
