from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from amazing_assets.definitions import defs
from amazing_assets.defs.triggers.schedules import (
    monthly_retention,
    quarterly_next_actions,
    quarterly_training,
    why_later,
)

NIGHT = datetime(2020, 5, 8, 4, tzinfo=UTC)


@pytest.fixture
def instance(tmp_path):
    # A schedule opens the instance by its address, which an ephemeral one does not have.
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


@pytest.fixture
def made(instance):
    """Report assets as made, in order."""

    def report(*assets):
        for asset in assets:
            month = "2019-10" if asset in {"user_features", "action_sequences"} else None
            instance.report_runless_asset_event(dg.AssetMaterialization(asset, partition=month))

    return report


def tick(instance, schedule=quarterly_training):
    """Return the reason for nothing, or the job that is requested."""
    with dg.build_schedule_context(instance, scheduled_execution_time=NIGHT) as context:
        found = schedule.evaluate_tick(context)
    assert len(found.run_requests or []) <= 1
    return found.skip_message or schedule.job_name


def test_without_features_there_is_nothing_to_search_in(instance):
    assert tick(instance) == "there are no features yet"


@pytest.mark.parametrize(
    ("history", "found"),
    [
        (["user_features"], "train_segments"),
        (["user_features", "segment_model"], "the model has seen the newest features"),
        (["user_features", "segment_model", "user_features"], "train_segments"),
    ],
)
def test_a_model_is_searched_once_in_features_it_has_not_seen(instance, made, history, found):
    made(*history)
    assert tick(instance) == found


@pytest.mark.parametrize(
    ("history", "found"),
    [
        (["user_features"], "there are no sequences yet"),
        (["action_sequences"], "train_next_actions"),
        (["action_sequences", "next_action_model"], "the model has seen the newest sequences"),
        (["action_sequences", "next_action_model", "action_sequences"], "train_next_actions"),
    ],
)
def test_next_actions_are_learnt_once_from_sequences_not_seen(instance, made, history, found):
    made(*history)
    assert tick(instance, quarterly_next_actions) == found


def test_a_backfill_is_not_interrupted(instance, made):
    made("user_features")
    job = defs().resolve_job_def("month_job")
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert tick(instance).startswith("runs are under way")
    instance.report_run_canceled(run)
    assert tick(instance) == "train_segments"


def test_a_failed_training_is_tried_again_the_next_night(instance, made):
    made("user_features")
    run = instance.create_run_for_job(defs().resolve_job_def("train_segments"))
    instance.report_run_failed(run)
    assert tick(instance) == "train_segments"


def test_the_schedule_runs_at_night_in_utc_unless_somebody_stops_it():
    assert quarterly_training.default_status is dg.DefaultScheduleStatus.RUNNING
    assert quarterly_training.execution_timezone == "UTC"


def test_nothing_is_removed_where_everything_is_kept(instance):
    assert tick(instance, monthly_retention).startswith("everything is kept")


def test_what_is_over_is_removed_once_a_month_and_tried_again_until_it_is(instance):
    now, job = datetime.now(UTC), defs().resolve_job_def("retention")
    assert why_later(instance, now) is None
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert why_later(instance, now).startswith("runs are under way")
    instance.report_run_failed(run)
    assert why_later(instance, now) is None
    instance.create_run_for_job(job, status=dg.DagsterRunStatus.SUCCESS)
    assert why_later(instance, now) == "what is over was removed this month"
    assert why_later(instance, now + timedelta(days=31)) is None
