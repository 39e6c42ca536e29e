"""Backfills as the page launches them, undisturbed and then under fire: one story, in order."""

import os
import signal
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.dates import first_day, month_of, trailing_months
from amazing_assets.defs.tables.contracts import EXPLAINED, SEARCHED
from amazing_assets.defs.triggers.jobs import MONTHLY
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets_tests.daemon.platform import NEVER, Platform, eventually, process_of
from amazing_assets_tests.daemon.scratch import assert_same, from_scratch, table_of

pytestmark = pytest.mark.evaluate

# The page asks for all months that look back on a chosen one: here the running month alone.
*MONTHS, RUNNING = trailing_months(month_of(datetime.now(UTC).date()), 4)
BY_MONTH = (*MONTHLY, "event_statistics", "user_features", "segment_assignments")
# What nobody asks for and follows by itself: of each month, and of the model.
FOLLOWING = ("segment_profiles", "segment_migrations", "segment_drift", "segment_report")
OF_MODEL = (*EXPLAINED, *SEARCHED)


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """Three months have landed, and the landing sensor lets them lie."""
    with Platform(
        tmp_path_factory.mktemp("platform"), settle_seconds=NEVER, first_month=MONTHS[0]
    ) as platform:
        days = tuple(first_day(month) for month in MONTHS)
        generate(Path(platform.place.root), WorldSettings(customers=150, months=days))
        yield platform


@pytest.fixture(scope="module")
def built(platform, tmp_path_factory):
    return from_scratch(tmp_path_factory.mktemp("built"), platform.place)


def once_each(assets, months):
    return Counter((asset, month, "SUCCESS") for asset in assets for month in months)


def intervals(instance, *steps):
    """From when to when each of the steps ran, in order of time."""
    return sorted(
        (step.start_time, step.end_time)
        for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS]))
        for step in instance.get_run_step_stats(run.run_id, step_keys=list(steps))
    )


def test_a_backfill_makes_every_month_once_and_trains_at_most_one_model(platform, built):
    platform.backfill([*BY_MONTH, "segment_model"], MONTHS)
    platform.settle()
    wanted = once_each(BY_MONTH + FOLLOWING, MONTHS) + once_each(
        ("segment_model", *OF_MODEL), [None]
    )
    made = platform.new_runs()
    # Whether it asks for the running month is left to chance; nothing is made of nothing.
    beyond = {run for run in made if run[1] == RUNNING}
    assert {status for _, _, status in beyond} <= {"SUCCESS"}
    assert platform.lake.months("user_features") == tuple(MONTHS)
    assert Counter({run: times for run, times in made.items() if run not in beyond}) == wanted
    assert_same(platform, built, MONTHS)


def test_one_step_at_a_time_has_the_warehouse(platform):
    times = intervals(platform.instance, "event_statistics", "segment_assignments")
    assert len(times) >= 2 * len(MONTHS)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(times))


def test_what_is_killed_during_a_backfill_is_made_again(platform, built):
    assigned = [table_of(platform, "segment_assignments", month) for month in MONTHS]
    platform.backfill(BY_MONTH, MONTHS)

    def some_run_has_started():
        started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
        runs = platform.instance.get_runs(started)
        return next((run.run_id for run in runs if process_of(platform.instance, run.run_id)), None)

    first = eventually(some_run_has_started)
    os.kill(process_of(platform.instance, first), signal.SIGKILL)
    eventually(lambda: platform.instance.get_run_by_id(first).is_finished)
    second = eventually(some_run_has_started)
    platform.kill_daemon()
    platform.start_daemon()
    platform.settle()
    made = platform.new_runs()
    assert once_each(BY_MONTH + FOLLOWING, MONTHS) <= made
    statuses = {run.run_id: run.status.value for run in platform.instance.get_runs()}
    assert (statuses[first], statuses[second]) == ("FAILURE", "FAILURE")
    assert_same(platform, built, MONTHS)
    for month, before in zip(MONTHS, assigned, strict=True):
        assert_frame_equal(table_of(platform, "segment_assignments", month), before)
