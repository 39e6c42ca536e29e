"""A run that is killed at any moment leaves the old month or the new one."""

import shutil
import subprocess
import time

import duckdb
import numpy as np
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.storage import tables
from amazing_assets.lake.table import Lake
from amazing_assets.warehouse.duckdb import SCHEMA
from amazing_assets_tests.commands import amazing, command, environment, found

MONTH, SHARDS, KILLS = "2019-10", 3, 10
RUN = ("run", "--months", MONTH, "--select", "+key:user_features or key:event_statistics", "--json")


def tables_of(home):
    """The month as readers see it: every table of the lake and of the warehouse, sorted."""
    lake = Lake(home / "lake", SHARDS, LocalEngine())
    found = {name: lake.scan(name, MONTH).collect() for name in tables(lake.root)}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        query = "select table_name from information_schema.tables where table_schema = ?"
        for (name,) in warehouse.execute(query, [SCHEMA]).fetchall():
            found[name] = warehouse.table(f"{SCHEMA}.{name}").pl()
    return {name: table.sort(table.columns) for name, table in found.items()}


def is_equal(left, right):
    try:
        assert_frame_equal(left, right, abs_tol=1e-12, rel_tol=1e-12)
    except AssertionError:
        return False
    return True


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """A home with the old file, run, one with the new file, run, and the seconds of a run."""
    folder = tmp_path_factory.mktemp("homes")
    seconds = 0.0
    for name, seed in (("old", 1), ("new", 2)):
        home = folder / name
        world = ("--customers", "300", "--months", MONTH, "--seed", seed)
        found(amazing(home, "generate", "--to", home / "landing", *world, "--json"))
        begun = time.monotonic()
        found(amazing(home, *RUN, AMAZING_SHARDS=str(SHARDS)))
        seconds = time.monotonic() - begun
    return folder / "old", folder / "new", seconds


@pytest.mark.slow
def test_a_killed_run_leaves_the_old_month_or_the_new_one(homes, tmp_path):
    old, new, seconds = homes
    before, after = tables_of(old), tables_of(new)
    home = tmp_path / "home"
    shutil.copytree(old, home, symlinks=True)
    shutil.copytree(new / "landing", home / "landing", dirs_exist_ok=True)
    # The earliest first: a run that is quicker than the measured one must not end before any kill.
    moments = np.sort(np.random.default_rng(7).uniform(0.15, 0.95, KILLS))
    seen = set()
    for moment in moments:
        kill_after(float(moment) * seconds, home)
        for name, table in tables_of(home).items():
            is_old, is_new = is_equal(table, before[name]), is_equal(table, after[name])
            assert is_old or is_new, f"{name} is neither the old month nor the new one"
            seen.add(is_new)
    assert seen == {True, False}, "no kill fell within the work; the test proves nothing"
    found(amazing(home, *RUN, AMAZING_SHARDS=str(SHARDS)))
    ended = tables_of(home)
    assert {name: is_equal(ended[name], after[name]) for name in after} == dict.fromkeys(
        after, True
    )
    # One version a month is read; the one before it stays for those who still read it.
    versions = [len(list(each.iterdir())) for each in (home / "lake").glob("*/.versions")]
    assert versions
    assert max(versions) <= 2


def kill_after(seconds, home):
    process = subprocess.Popen(
        command(*RUN),
        env=environment(home, AMAZING_SHARDS=str(SHARDS)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
