"""Followers that failed are asked for again: by real runs, of which some fail."""

import shutil
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from amazing_assets.defs.assets.events import event_statistics
from amazing_assets.defs.resources.stores import WarehouseResource
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.defs.triggers.again import asked_again, failed_followers, followers_of
from amazing_assets_tests.defs.homes import MONTH, Home
from amazing_assets_tests.defs.triggers.ticks import LOADED, NOV, OCT, Automation
from amazing_assets_tests.warehouse.sessions import held_open

REPOSITORY = LOADED.get_repository_def()
GRAPH = REPOSITORY.asset_graph
FOLLOWERS = followers_of(GRAPH)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def instance(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield instance


@pytest.fixture
def runs(instance):
    return Automation(instance)


def asked(instance, after):
    """What is requested some minutes from now: assets and partition of each run."""
    found = asked_again(instance, GRAPH, datetime.now(UTC) + after * MINUTE)
    return [
        (sorted(key.to_user_string() for key in request.asset_selection), request.partition_key)
        for request in getattr(found, "run_requests", [])
    ]


def why_not(instance, after):
    return asked_again(instance, GRAPH, datetime.now(UTC) + after * MINUTE).skip_message


def test_what_failed_is_asked_for_again_after_five_minutes_and_then_after_fifteen(instance, runs):
    runs.failed("segment_profiles", OCT)
    assert asked(instance, after=4) == []
    assert why_not(instance, after=4).startswith("the next attempt is due at ")
    assert asked(instance, after=6) == [(["segment_profiles"], OCT)]
    runs.failed("segment_profiles", OCT)
    assert asked(instance, after=6) == []
    assert asked(instance, after=16) == [(["segment_profiles"], OCT)]


def test_what_was_made_since_is_not_asked_for(instance, runs):
    runs.failed("segment_profiles", OCT)
    runs.made("segment_profiles", month=NOV)
    assert asked(instance, after=6) == [(["segment_profiles"], OCT)]
    runs.made("segment_profiles", month=OCT)
    assert asked(instance, after=6) == []
    assert why_not(instance, after=6) == "nothing is to be tried"


def test_what_failed_of_one_month_is_asked_for_in_one_run(instance, runs):
    runs.failed("segment_migrations", OCT)
    runs.failed("segment_profiles", OCT)
    runs.failed("user_features", NOV)
    assert asked(instance, after=6) == [
        (["segment_migrations", "segment_profiles"], OCT),
        (["user_features"], NOV),
    ]


def test_what_is_made_of_what_failed_waits_for_it_in_the_same_month_only(instance, runs):
    runs.failed("user_features", OCT)
    runs.failed("user_features", OCT)
    runs.failed("segment_assignments", OCT)
    runs.failed("segment_assignments", NOV)
    assert asked(instance, after=6) == [(["segment_assignments"], NOV)]
    assert asked(instance, after=16) == [
        (["segment_assignments", "user_features"], OCT),
        (["segment_assignments"], NOV),
    ]


def test_tables_of_a_model_are_asked_for_together_as_one_step_makes_them(instance, runs):
    runs.failed("segment_rules")
    ((names, key),) = asked(instance, after=6)
    assert key is None
    assert {"segment_rules", "segment_surrogate"} < set(names)
    selection = {dg.AssetKey(name) for name in names}
    job = LOADED.resolve_implicit_global_asset_job_def()
    made = job.get_subset(asset_selection=selection).asset_layer.executable_asset_keys
    assert made == selection


def test_what_a_person_stopped_last_is_left_alone(instance, runs):
    runs.failed("user_features", OCT)
    runs.end(runs.begin("user_features", OCT))
    assert asked(instance, after=6) == []
    runs.failed("user_features", OCT)
    assert asked(instance, after=16) == [(["user_features"], OCT)]


def test_files_that_were_refused_and_models_are_left_to_others(instance, runs):
    runs.failed("raw_events", OCT)
    runs.failed("segment_model")
    assert asked(instance, after=6) == []


def test_nothing_is_asked_for_while_runs_are_under_way(instance, runs):
    runs.failed("segment_profiles", OCT)
    run = runs.begin("segment_drift", OCT)
    assert why_not(instance, after=6) == "runs are under way, which may make what failed"
    runs.end(run)
    assert asked(instance, after=6) == [(["segment_profiles"], OCT)]


def test_what_failed_a_week_ago_waits_for_a_person(instance, runs):
    runs.failed("segment_profiles", OCT)
    runs.failed("segment_profiles", OCT)
    assert asked(instance, after=6 * 24 * 60) == [(["segment_profiles"], OCT)]
    assert asked(instance, after=8 * 24 * 60) == []


def test_the_sensor_knows_its_followers_from_the_definitions(instance, runs):
    runs.failed("segment_profiles", OCT)
    context = dg.build_sensor_context(instance=instance, repository_def=REPOSITORY)
    assert failed_followers(context).skip_message.startswith("the next attempt is due at ")
    assert {"event_statistics", "user_features", "segment_rules", "segment_report"} <= FOLLOWERS
    assert not {"raw_events", "sessions", "segment_model", "event_threshold"} & FOLLOWERS


@pytest.mark.end_to_end
@pytest.mark.slow
def test_who_holds_the_warehouse_is_named_and_what_failed_is_made_once_they_leave(
    world, instance, tmp_path
):
    home = Home(tmp_path / "home")
    shutil.copy(world.files[0], home.landing)
    assert home.materialize(OCT, [each for each in MONTH if each is not event_statistics]).success
    patience = 7.0
    resources = home.resources | {
        "warehouse_file": WarehouseResource(database=str(home.warehouse), patience=patience),
        "warehouse": WarehouseIOManager(
            database=str(home.warehouse), schema="amazing", patience=patience
        ),
    }

    def run():
        return dg.materialize(
            [event_statistics],
            partition_key=OCT,
            resources=resources,
            instance=instance,
            raise_on_error=False,
        )

    # The analyst has a table to look at.
    assert run().success
    with held_open(home.warehouse, read_only=True) as process:
        refused = run()
        assert not refused.success
    told = [entry.user_message for entry in instance.all_logs(refused.run_id)]
    waiting = [text for text in told if text.startswith("Waiting for the warehouse")]
    assert f"held by process {process} (python" in waiting[0]
    (step,) = [event for event in refused.all_events if event.is_step_failure]
    sentence = step.step_failure_data.user_failure_data.description
    assert f"is held by process {process} (python" in sentence
    assert "which has not let go of it in 7 seconds" in sentence
    assert "\n" not in sentence
    assert asked(instance, after=6) == [(["event_statistics"], OCT)]
    assert run().success
    assert asked(instance, after=6) == []
