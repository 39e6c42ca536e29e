"""The automation sensor without its daemon: a test says what is made and when a tick comes."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from amazing_assets.definitions import defs
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.triggers.jobs import SUMMARIES

LOADED = defs()
JOB = LOADED.resolve_implicit_global_asset_job_def()
FOLLOWERS = ("event_statistics", "user_features", "segment_model", "segment_assignments")
A_PERSONS = {"dagster/backfill": "by a person"}
ITS_OWN = {"dagster/backfill": "its own", "dagster/from_automation_condition": "true"}
TRAINED = ("event_threshold", "segment_model")
EVENING = datetime(2020, 5, 1, 20, tzinfo=UTC)
NIGHT, NOON = timedelta(hours=8), timedelta(hours=16)
UNTIL_JULY = timedelta(days=62)
MINUTE = timedelta(minutes=1)
OCT, NOV, DEC = "2019-10", "2019-11", "2019-12"


class Automation:
    """The automation sensor on an instance, without its daemon."""

    watched: tuple[str, ...] = FOLLOWERS
    loaded = LOADED

    def __init__(self, instance):
        self.instance, self.now, self.cursor = instance, EVENING, None

    def tick(self, after=MINUTE, watched=None):
        """Return what is requested: of each asset its months, or None for one without."""
        self.now += after
        result = dg.evaluate_automation_conditions(
            self.loaded, self.instance, evaluation_time=self.now, cursor=self.cursor
        )
        self.cursor = result.cursor
        names = watched or self.watched
        found = {name: result.get_requested_partitions(dg.AssetKey(name)) for name in names}
        return {name: months for name, months in found.items() if months}

    def quiet(self):
        assert self.tick() == {}

    def made(self, *assets, month=None):
        for asset in assets:
            event = dg.AssetMaterialization(asset, partition=month)
            self.instance.report_runless_asset_event(event)

    def backfilled(self, asset, key, tags, partitions=MONTHS):
        """Make a month or a week in a run that tells who asked for it."""
        made = dg.asset(lambda: None, name=asset, partitions_def=partitions)
        dg.materialize([made], partition_key=key, instance=self.instance, tags=tags)

    def failed(self, asset, month=None):
        """Run an asset for real, and have it fail."""

        def fail():
            raise dg.Failure("as planned")

        failing = dg.asset(fail, name=asset, partitions_def=MONTHS if month else None)
        ran = dg.materialize(
            [failing], partition_key=month, instance=self.instance, raise_on_error=False
        )
        assert not ran.success

    def fails_under_watch(self, asset, month):
        """Fail after a tick that sees the run under way."""
        run = self.begin(asset, month)
        self.quiet()
        self.end(run)
        self.failed(asset, month)

    def events_made(self, month):
        self.made("raw_events", "rejected_events", "clean_events", month=month)

    def month_made(self, *months):
        for month in months:
            self.made("clean_events", *SUMMARIES, month=month)

    def begin(self, asset, month=None):
        """Begin a run that does not end by itself."""
        return self.instance.create_run_for_job(
            JOB,
            status=dg.DagsterRunStatus.STARTED,
            tags={"dagster/partition": month} if month else {},
            asset_selection=frozenset({dg.AssetKey(asset)}),
        )

    def end(self, run):
        self.instance.report_run_canceled(run)
