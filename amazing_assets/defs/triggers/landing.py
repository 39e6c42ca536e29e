"""What is watched of the landing zone."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from amazing_assets.defs.assets.landing import NAMED, named_check
from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.resources.alerts import AlertsResource
from amazing_assets.defs.resources.stores import LandingResource
from amazing_assets.defs.triggers import jobs
from amazing_assets.defs.triggers.outlived import is_readable
from amazing_assets.defs.triggers.provenance import made_of_files
from amazing_assets.delivery.alerts import UnreadFiles
from amazing_assets.errors import quoted
from amazing_assets.landing.arrivals import Arrival, Arrivals, Unread, arrivals
from amazing_assets.landing.cursor import Cursor
from amazing_assets.landing.zone import LandingError

# Names of an observation or a tag: enough to act on, and the event log stays small.
_NAMES = 100

_TAG_LENGTH = 250


@dg.sensor(
    job=jobs.month_job,
    minimum_interval_seconds=SETTINGS.sensor_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a month once its files have landed and stopped changing.",
)
def landing_files(
    context: dg.SensorEvaluationContext, landing: LandingResource, alerts: AlertsResource
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
        is_known=is_readable,
        is_made_of=made_of_files(context.instance, jobs.MONTHLY),
        settle=timedelta(seconds=landing.settle_seconds),
    )
    if said := found.unreported.sentence:
        alerts.tell(UnreadFiles(said, alerts.page_of_asset("landing_zone")), context.log)
    # A prefix that is misspelled looks like one where nothing has landed.
    nothing = f"nothing has landed in {zone}"
    return dg.SensorResult(
        run_requests=[_request(arrival) for arrival in found.ready],
        skip_reason=None if found.ready else found.summary if listing else nothing,
        cursor=found.cursor.to_json(),
        asset_events=[*_observations(found.unreported), *_evaluations(found)],
    )


@dg.sensor(
    target=dg.AssetSelection.assets("contacts"),
    minimum_interval_seconds=SETTINGS.sensor_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reads the contacts of a month once their files have stopped changing.",
)
def landing_contacts(
    context: dg.SensorEvaluationContext, landing: LandingResource
) -> dg.SensorResult | dg.SkipReason:
    """Request the contacts of each month whose events are there and whose contacts arrived."""
    try:
        months = landing.open().contacts()
    except LandingError as error:
        return dg.SkipReason(str(error))
    # By the names of event files, whose grammar arrivals know.
    listing = {
        file.name.replace(".contacts", ""): file.version
        for files in months.values()
        for file in files
    }
    known = context.instance.get_materialized_partitions(dg.AssetKey("clean_events"))
    found = arrivals(
        listing,
        Cursor.from_json(context.cursor),
        datetime.now(UTC),
        is_known=lambda month: is_readable(month) and month in known,
        settle=timedelta(seconds=landing.settle_seconds),
    )
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=arrival.run_key, partition_key=arrival.month)
            for arrival in found.ready
        ],
        skip_reason=None if found.ready else "no contacts are new",
        cursor=found.cursor.to_json(),
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
                "names that say no month": [quoted(name) for name in unread.odd[:_NAMES]],
                "months that are not ours": [quoted(name) for name in unread.outside[:_NAMES]],
            },
        )
    ]


def _evaluations(found: Arrivals) -> list[dg.AssetCheckEvaluation]:
    """Have the check of the names say what it would if somebody asked for it now."""
    if not found.has_news:
        return []
    result = named_check(found.unread)
    return [
        dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey("landing_zone"),
            check_name=NAMED,
            passed=result.passed,
            severity=result.severity,
            description=result.description,
            metadata=result.metadata,
        )
    ]
