"""Runs over the whole stack, killed at any moment: nothing lost, nothing doubled, nothing half."""

import shutil
import subprocess
import time
from collections import Counter

import numpy as np
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake import bucket
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.storage import tables as tables_in
from amazing_assets.lake.table import Lake
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.commands import amazing, command, environment, found
from amazing_assets_tests.daemon.platform import eventually
from amazing_assets_tests.stack.stack import in_order, stack

pytestmark = pytest.mark.evaluate

MONTH, STATISTICS = "2019-10", "event_statistics"
RUN = ("run", "--months", MONTH, "--select", f"+key:user_features or key:{STATISTICS}", "--json")

# Of so many runs one is let to its end.
LET_LIVE = 20

# A run that was killed is silent for so long before its leavings are taken away.
SILENCE_SECONDS = 61

WRITING = (
    "select count(*) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)


@pytest.fixture(scope="module")
def running(s3, postgres, tmp_path_factory):
    with stack(tmp_path_factory.mktemp("stack"), s3, postgres) as servers:
        yield servers


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Two homes of the same month in two worlds, each made at home and undisturbed."""
    homes = []
    for seed in (1, 2):
        home = tmp_path_factory.mktemp("world")
        world = ("--customers", 300, "--months", MONTH, "--seed", seed)
        found(amazing(home, "generate", "--to", home / "landing", *world, "--json"))
        # As a shop delivers them: one home never reads two generated worlds.
        shutil.rmtree(home / "landing" / "truth")
        found(amazing(home, *RUN))
        homes.append(home)
    return homes


def tables_at_home(home):
    lake = Lake(home / "lake", None, LocalEngine())
    made = {name: lake.scan(name, MONTH).collect() for name in tables_in(home / "lake")}
    statistics = DuckDBWarehouse(home / "warehouse.duckdb").read_table(STATISTICS)
    return {name: in_order(each) for name, each in (made | {STATISTICS: statistics}).items()}


def tables_of(running):
    """The month as readers see it: every table of the lake and of the warehouse."""
    names = bucket.tables(running.lake.root)
    made = {name: running.lake.scan(name, MONTH).collect() for name in names}
    statistics = running.tables.read_table(STATISTICS)
    return {name: in_order(each) for name, each in (made | {STATISTICS: statistics}).items()}


def is_equal(left, right):
    try:
        assert_frame_equal(left, right, abs_tol=1e-12, rel_tol=1e-12)
    except AssertionError:
        return False
    return True


def deliver(running, world):
    for file in (world / "landing").iterdir():
        running.place.write(file.name, file.read_bytes())


def ended(seconds, home, variables):
    """Run, and kill after some seconds; returns whether the run was over before."""
    process = subprocess.Popen(
        command(*RUN),
        env=environment(home, **variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def complete(running, home, expected):
    """Whatever was interrupted before: another run makes everything anew."""
    begun = time.monotonic()
    found(amazing(home, *RUN, **running.variables))
    made = tables_of(running)
    assert {name for name in made if is_equal(made[name], expected[name])} == expected.keys()
    return time.monotonic() - begun


@pytest.mark.parametrize("kills", [200])
def test_runs_killed_at_any_moment_leave_each_table_as_before_or_as_after(
    running, worlds, tmp_path, kills
):
    expected = [tables_at_home(world) for world in worlds]
    deliver(running, worlds[0])
    complete(running, tmp_path, expected[0])
    # The first one made schema and buckets, and is no measure.
    seconds = complete(running, tmp_path, expected[0])
    moments = np.random.default_rng(kills).uniform(0.3, 1.0, kills)
    seen, killed = Counter(), 0
    for number, moment in enumerate(moments, 1):
        new = number % 2
        deliver(running, worlds[new])
        if number % LET_LIVE == 0:
            complete(running, tmp_path, expected[new])
            continue
        killed += not ended(float(moment) * seconds, tmp_path, running.variables)
        # The server may be at its last words to who is gone.
        eventually(lambda: running.warehouse.execute(WRITING) == [(0,)])
        for name, table in tables_of(running).items():
            states = [is_equal(table, each[name]) for each in expected]
            assert any(states), f"{name} after kill {number} at {moment:.3f} is neither month"
            seen[name, states[new]] += 1
    assert killed >= kills // 2, "most runs were over before they were killed"
    assert {is_new for _, is_new in seen} == {True, False}, "no kill fell within the work"
    time.sleep(SILENCE_SECONDS)
    deliver(running, worlds[1])
    complete(running, tmp_path, expected[1])
    assert_nothing_is_left(running)


def assert_nothing_is_left(running):
    """One version of a table is read; the one before it stays for those who still read it."""
    stored = [key.split("/versions/") for key in running.keys("-lake") if "/versions/" in key]
    versions = {(table, *rest.split("/")[:2]) for table, rest in stored}
    kept = Counter((table, month) for table, month, _ in versions)
    assert len(kept) > 5
    assert max(kept.values()) <= 2
    doubled = (
        "select 1 from amazing.publications group by table_name, partition_key, run_id "
        "having count(*) > 1"
    )
    assert running.warehouse.execute(doubled) == []
