"""What follows and failed is asked for again: by the sensor itself, after runs that failed."""

from datetime import timedelta

import dagster as dg
import pytest

from amazing_assets.defs.triggers.again import failed_followers
from amazing_assets_tests.defs.triggers.ticks import LOADED, NOV, OCT, Automation

JUST_NOW, SIX_MINUTES = timedelta(0), timedelta(minutes=6)


class Failures(Automation):
    """Runs that fail for real, and the sensor that looks at them some time later."""

    def asked(self, after=SIX_MINUTES):
        """Let time pass: the runs so far ended so much earlier; return what is asked for."""
        self.age(after)
        return {
            (key.to_user_string(), request.partition_key)
            for request in self.requests()
            for key in request.asset_selection
        }

    def requests(self):
        return self.look().run_requests

    def look(self):
        context = dg.build_sensor_context(
            instance=self.instance, definitions=LOADED, sensor_name="failed_followers"
        )
        return failed_followers.evaluate_tick(context)

    def age(self, by):
        """Make the runs so much older, as they are in the tables of Dagster."""
        storage = self.instance.run_storage
        with storage.connect() as connection:
            connection.exec_driver_sql(
                "update runs set end_time = end_time - ?, "
                "update_timestamp = datetime(update_timestamp, ?)",
                (by.total_seconds(), f"-{by.total_seconds()} seconds"),
            )


@pytest.fixture
def failures(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield Failures(instance)


def test_the_sensor_runs_unless_somebody_stops_it():
    assert failed_followers.default_status is dg.DefaultSensorStatus.RUNNING


def test_nothing_is_asked_where_nothing_failed(failures):
    failures.made("user_features", month=OCT)
    assert failures.look().skip_message == "nothing that follows has failed"


@pytest.mark.parametrize(
    ("asset", "month"),
    [
        ("user_features", OCT),
        ("event_statistics", OCT),
        ("segment_assignments", OCT),
        ("segment_profiles", OCT),
        ("segment_migrations", OCT),
        ("segment_drift", OCT),
        ("segment_report", OCT),
        ("segment_model", None),
    ],
)
def test_a_follower_that_failed_is_asked_for_again_after_a_pause(failures, asset, month):
    failures.failed(asset, month)
    assert failures.asked(JUST_NOW) == set()
    assert failures.asked() == {(asset, month)}


def test_what_one_step_makes_together_is_asked_for_together(failures):
    failures.failed("segment_rules")
    failures.failed("segment_surrogate")
    failures.age(SIX_MINUTES)
    (request,) = failures.requests()
    job = LOADED.resolve_implicit_global_asset_job_def()
    selected = job.get_subset(asset_selection=set(request.asset_selection))
    assert selected.asset_layer.executable_asset_keys == set(request.asset_selection)


def test_while_nobody_begins_the_run_it_is_the_same_request(failures):
    failures.failed("user_features", OCT)
    failures.age(SIX_MINUTES)
    (first,) = failures.requests()
    (second,) = failures.requests()
    assert first.run_key == second.run_key
    failures.failed("user_features", OCT)
    failures.age(timedelta(minutes=16))
    (third,) = failures.requests()
    assert third.run_key != first.run_key


def test_the_second_pause_is_longer_than_the_first(failures):
    failures.failed("user_features", OCT)
    failures.failed("user_features", OCT)
    assert failures.asked() == set()
    assert "user_features/2019-10 at " in failures.look().skip_message
    assert failures.asked(timedelta(minutes=10)) == {("user_features", OCT)}


def test_what_was_made_since_is_not_asked_for(failures):
    failures.failed("user_features", OCT)
    failures.made("user_features", month=OCT)
    assert failures.asked() == set()


def test_what_failed_after_it_was_made_begins_with_the_first_pause(failures):
    failures.failed("user_features", OCT)
    failures.failed("user_features", OCT)
    failures.made("user_features", month=OCT)
    failures.failed("user_features", OCT)
    assert failures.asked() == {("user_features", OCT)}


def test_what_a_person_stopped_last_is_left_alone(failures):
    failures.failed("segment_model")
    failures.failed("user_features", OCT)
    failures.end(failures.begin("user_features", OCT))
    failures.end(failures.begin("segment_model"))
    assert failures.asked() == set()


def test_a_month_of_files_that_failed_waits_for_other_files(failures):
    failures.failed("raw_events", OCT)
    failures.failed("sessions", OCT)
    assert failures.asked(timedelta(days=1)) == set()


def test_nothing_is_asked_while_runs_are_under_way(failures):
    failures.failed("user_features", OCT)
    run = failures.begin("user_features", OCT)
    failures.age(SIX_MINUTES)
    assert failures.look().skip_message == "runs are under way, which may make what failed"
    failures.end(run)


def test_what_is_made_of_what_failed_waits_for_it_in_the_same_month_only(failures):
    failures.failed("user_features", OCT)
    failures.failed("segment_assignments", OCT)
    failures.failed("segment_assignments", NOV)
    assert failures.asked() == {("user_features", OCT), ("segment_assignments", NOV)}


def test_what_failed_for_a_week_is_given_up(failures):
    failures.failed("segment_model")
    for _ in range(8):
        failures.age(timedelta(hours=23))
        failures.failed("segment_model")
    assert failures.asked(timedelta(hours=7)) == set()


def test_a_failure_of_a_month_ago_is_forgotten(failures):
    failures.failed("user_features", OCT)
    assert failures.asked(timedelta(days=30)) == set()
