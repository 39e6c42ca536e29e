from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from amazing_assets.dates import trailing_months
from amazing_assets.definitions import defs
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.triggers.automation import automation
from amazing_assets.defs.triggers.jobs import SUMMARIES

LOADED = defs()
JOB = LOADED.resolve_implicit_global_asset_job_def()
FOLLOWERS = ("event_statistics", "user_features", "segment_model", "segment_assignments")
A_PERSONS = {"dagster/backfill": "by a person"}
ITS_OWN = {"dagster/backfill": "its own", "dagster/from_automation_condition": "true"}
TRAINED = ("event_threshold", "segment_model")
EVENING = datetime(2020, 5, 1, 20, tzinfo=UTC)
NIGHT, NOON = timedelta(hours=8), timedelta(hours=16)
UNTIL_JULY, UNTIL_OCTOBER = timedelta(days=62), timedelta(days=93)
MINUTE = timedelta(minutes=1)
OCT, NOV, DEC = "2019-10", "2019-11", "2019-12"


class Automation:
    """The automation sensor on an instance, without its daemon."""

    watched: tuple[str, ...] = FOLLOWERS

    def __init__(self, instance):
        self.instance, self.now, self.cursor = instance, EVENING, None

    def tick(self, after=MINUTE, watched=None):
        """Return what is requested: of each asset its months, or None for one without."""
        self.now += after
        result = dg.evaluate_automation_conditions(
            LOADED, self.instance, evaluation_time=self.now, cursor=self.cursor
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

    def backfilled(self, asset, month, tags):
        """Make a month in a run that tells who asked for it."""
        made = dg.asset(lambda: None, name=asset, partitions_def=MONTHS)
        dg.materialize([made], partition_key=month, instance=self.instance, tags=tags)

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


@pytest.fixture
def automation_on(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        on = Automation(instance)
        on.quiet()
        yield on


@pytest.fixture
def trained(automation_on):
    """October has its features, and there is a model of the night after it."""
    automation_on.month_made(OCT)
    automation_on.tick()
    automation_on.made("user_features", month=OCT)
    automation_on.quiet()
    assert automation_on.tick(NIGHT) == {"segment_model": {None}}
    automation_on.made("segment_model")
    assert automation_on.tick() == {"segment_assignments": {OCT}}
    automation_on.made("segment_assignments", month=OCT)
    automation_on.quiet()
    return automation_on


def test_automation_runs_unless_somebody_stops_it():
    assert automation.default_status is dg.DefaultSensorStatus.RUNNING


def test_months_long_past_have_their_features_made(automation_on):
    automation_on.month_made(OCT)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_features_are_requested_once_for_a_wave(automation_on):
    automation_on.month_made(OCT, NOV, DEC)
    assert automation_on.tick() == {"user_features": {OCT, NOV, DEC}}
    automation_on.quiet()
    for month in (OCT, NOV, DEC):
        automation_on.made("user_features", month=month)
    automation_on.quiet()
    automation_on.quiet()


def test_a_month_delivered_again_makes_every_month_again_that_looks_back_on_it(automation_on):
    months = trailing_months("2020-05", 8)
    automation_on.month_made(*months)
    automation_on.tick()
    automation_on.quiet()
    automation_on.month_made(OCT)
    assert automation_on.tick() == {"user_features": set(months[:7])}


def test_a_month_before_others_does_not_wait_for_them(automation_on):
    automation_on.month_made(DEC)
    assert automation_on.tick() == {"user_features": {DEC}}


def test_clean_events_alone_are_no_reason_for_features(automation_on):
    automation_on.month_made(OCT)
    automation_on.tick()
    automation_on.quiet()
    automation_on.made("clean_events", month=OCT)
    automation_on.quiet()


def test_a_month_whose_events_were_refused_gets_no_features(automation_on):
    automation_on.month_made(OCT)
    automation_on.tick()
    automation_on.quiet()
    automation_on.made(*SUMMARIES, month=NOV)
    automation_on.quiet()
    automation_on.made("clean_events", month=NOV)
    assert automation_on.tick() == {"user_features": {NOV}}


def test_what_exists_when_automation_starts_is_no_news(automation_on):
    automation_on.month_made(OCT, NOV)
    automation_on.cursor = None
    automation_on.quiet()
    automation_on.quiet()


def test_summaries_that_arrive_while_features_are_made_are_not_lost(automation_on):
    automation_on.month_made(OCT)
    assert automation_on.tick() == {"user_features": {OCT}}
    automation_on.quiet()
    run = automation_on.begin("user_features", OCT)
    automation_on.month_made(OCT)
    automation_on.quiet()
    automation_on.end(run)
    automation_on.made("user_features", month=OCT)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_what_a_persons_backfill_made_is_not_made_again(automation_on):
    automation_on.month_made(OCT)
    run = automation_on.begin("sessions", OCT)
    automation_on.quiet()
    automation_on.backfilled("user_features", OCT, A_PERSONS)
    automation_on.end(run)
    automation_on.quiet()
    automation_on.month_made(OCT)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_summaries_that_arrive_during_a_backfill_of_its_own_are_not_lost(automation_on):
    automation_on.month_made(OCT)
    automation_on.tick()
    automation_on.quiet()
    run = automation_on.begin("user_features", OCT)
    automation_on.month_made(OCT)
    automation_on.quiet()
    automation_on.backfilled("user_features", OCT, ITS_OWN)
    automation_on.end(run)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_a_month_is_described_again_when_the_one_before_is_delivered_again(automation_on):
    automation_on.events_made(OCT)
    assert automation_on.tick() == {"event_statistics": {OCT}}
    automation_on.quiet()
    automation_on.events_made(DEC)
    assert automation_on.tick() == {"event_statistics": {DEC}}
    automation_on.quiet()
    automation_on.events_made(NOV)
    assert automation_on.tick() == {"event_statistics": {NOV, DEC}}
    automation_on.quiet()


def test_events_that_were_refused_are_not_described(automation_on):
    automation_on.made("raw_events", "rejected_events", month=OCT)
    automation_on.quiet()
    automation_on.quiet()


@pytest.mark.parametrize("month", [OCT, NOV])
def test_features_wait_for_runs_of_every_month_that_they_look_back_on(automation_on, month):
    automation_on.month_made(OCT, NOV)
    run = automation_on.begin("sessions", month)
    requested = automation_on.tick().get("user_features", set())
    assert NOV not in requested
    automation_on.end(run)
    assert automation_on.tick()["user_features"] | requested == {OCT, NOV}


def test_features_that_are_being_made_are_not_requested_as_well(automation_on):
    run = automation_on.begin("user_features", OCT)
    automation_on.month_made(OCT)
    automation_on.quiet()
    automation_on.end(run)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_assignments_wait_for_a_model(automation_on):
    automation_on.made("user_features", month=OCT)
    automation_on.quiet()
    automation_on.made("segment_model")
    assert automation_on.tick() == {"segment_assignments": {OCT}}


def test_a_new_model_assigns_no_past_month_again(trained):
    trained.made("segment_model")
    trained.quiet()
    trained.quiet()


def test_assignments_follow_the_features_of_their_month_and_no_other(trained):
    trained.made("user_features", month=NOV)
    assert trained.tick() == {"segment_assignments": {NOV}}


def test_features_and_assignments_of_a_month_are_requested_together(trained):
    trained.month_made(NOV)
    wanted = {NOV}
    assert trained.tick() == {"user_features": wanted, "segment_assignments": wanted}


def test_assignments_wait_for_features_in_the_making(trained):
    trained.made("user_features", month=OCT)
    run = trained.begin("user_features", OCT)
    trained.quiet()
    trained.end(run)
    assert trained.tick() == {"segment_assignments": {OCT}}


def test_a_model_is_trained_out_of_a_wave_of_months_once_and_after_its_threshold(automation_on):
    for month in (OCT, NOV, DEC):
        automation_on.month_made(month)
        automation_on.tick()
        automation_on.made("user_features", month=month)
        automation_on.quiet()
    assert automation_on.tick(NIGHT, TRAINED) == {key: {None} for key in TRAINED}
    automation_on.made(*TRAINED)
    for _ in range(3):
        assert automation_on.tick(timedelta(days=1), TRAINED) == {}


def test_a_trained_model_places_new_months_until_the_quarter_is_over(trained):
    for month in (NOV, DEC):
        trained.made("user_features", month=month)
        assert trained.tick() == {"segment_assignments": {month}}
    for _ in range(3):
        assert trained.tick(timedelta(days=1)) == {}
    assert trained.tick(UNTIL_JULY) == {"segment_model": {None}}
    trained.quiet()
    trained.made("segment_model")
    assert trained.tick(UNTIL_OCTOBER) == {}


def test_news_at_noon_wait_for_the_quarter_however_many_were_quiet(trained):
    assert trained.tick(UNTIL_JULY) == {}
    assert trained.tick(NOON) == {}
    trained.made("user_features", month=NOV)
    assert trained.tick() == {"segment_assignments": {NOV}}
    assert trained.tick(NIGHT) == {}
    assert trained.tick(UNTIL_OCTOBER) == {"segment_model": {None}}


def test_a_new_threshold_alone_trains_nothing(trained):
    trained.made("event_threshold")
    assert trained.tick(UNTIL_JULY) == {}


@pytest.mark.parametrize("asset", ["user_features", "event_threshold", "segment_model"])
def test_the_model_waits_for_runs_under_way(trained, asset):
    trained.made("user_features", month=NOV)
    trained.tick()
    run = trained.begin(asset, NOV if asset == "user_features" else None)
    assert trained.tick(UNTIL_JULY) == {}
    trained.end(run)
    assert trained.tick() == {"segment_model": {None}}


def test_drift_follows_the_assignments_of_its_month(trained):
    trained.made("segment_assignments", month=OCT)
    assert trained.tick(watched=("segment_drift",)) == {"segment_drift": {OCT}}
