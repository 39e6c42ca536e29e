"""A run that is killed, or finds no room, at any moment leaves each table as before or as after."""

import shutil
import time
from collections import Counter

import duckdb
import numpy as np
import pytest

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.storage import tables
from amazing_assets.lake.table import Lake
from amazing_assets.places import SCHEMA
from amazing_assets_tests.commands import amazing, found
from amazing_assets_tests.disks import leave, make_read_only, small_disk
from amazing_assets_tests.killing import is_equal, is_killed_after

MONTH, SHARDS = "2019-10", 3

# In kB: with somewhat less than this a run finds no room for the features.
LARGEST_ROOM = 2_400
RUN = ("run", "--months", MONTH, "--select", "+key:user_features or key:event_statistics", "--json")


def tables_of(home):
    """The month as readers see it: every table of the lake and of the warehouse, sorted."""
    lake = Lake(home / "lake", SHARDS, LocalEngine())
    found = {name: lake.scan(name, MONTH).collect() for name in tables(home / "lake")}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        query = "select table_name from information_schema.tables where table_schema = ?"
        for (name,) in warehouse.execute(query, [SCHEMA]).fetchall():
            found[name] = warehouse.table(f"{SCHEMA}.{name}").pl()
    return {name: table.sort(table.columns) for name, table in found.items()}


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """Two homes of the same month in two worlds, both run, and the seconds of a run."""
    folder = tmp_path_factory.mktemp("homes")
    seconds = 0.0
    for name, seed in (("old", 1), ("new", 2)):
        home = folder / name
        world = ("--customers", "300", "--months", MONTH, "--seed", seed)
        found(amazing(home, "generate", "--to", home / "landing", *world, "--json"))
        # As a shop delivers them: one home never reads two generated worlds.
        shutil.rmtree(home / "landing" / "truth")
        begun = time.monotonic()
        found(amazing(home, *RUN, AMAZING_SHARDS=str(SHARDS)))
        seconds = time.monotonic() - begun
    return (folder / "old", folder / "new"), seconds


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.parametrize("kills", [4, pytest.param(200, marks=pytest.mark.evaluate)])
def test_a_run_that_is_killed_at_any_moment_leaves_each_table_as_before_or_as_after(
    homes, tmp_path, kills
):
    worlds, seconds = homes
    tables = [tables_of(world) for world in worlds]
    home = tmp_path / "home"
    shutil.copytree(worlds[0], home, symlinks=True)
    moments = np.random.default_rng(kills).uniform(0.05, 1.0, kills)
    seen, killed = Counter(), 0
    for number, moment in enumerate(moments, 1):
        # Now the one file, now the other: every run has another month to make.
        new = number % 2
        shutil.copytree(worlds[new] / "landing", home / "landing", dirs_exist_ok=True)
        killed += is_killed_after(float(moment) * seconds, RUN, home, AMAZING_SHARDS=str(SHARDS))
        for name, table in tables_of(home).items():
            states = [is_equal(table, each[name]) for each in tables]
            assert any(states), f"{name} after kill {number} at {moment:.3f} is neither month"
            seen[name, states[new]] += 1
    assert killed >= kills // 2, "most runs were over before they were killed"
    assert {is_new for _, is_new in seen} == {True, False}, "no kill fell within the work"
    ends_as_undisturbed(home, worlds[1], tables[1])


def ends_as_undisturbed(home, world, expected):
    """Whatever was interrupted before: another run makes everything anew."""
    shutil.copytree(world / "landing", home / "landing", dirs_exist_ok=True)
    found(amazing(home, *RUN, AMAZING_SHARDS=str(SHARDS)))
    ended = tables_of(home)
    assert {name for name in ended if is_equal(ended[name], expected[name])} == set(expected)
    # One version a month is read; the one before it stays for those who still read it.
    versions = [len(list(each.iterdir())) for each in (home / "lake").glob(".store/*/.versions")]
    assert versions
    assert max(versions) <= 2


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.parametrize("moments", [2, pytest.param(10, marks=pytest.mark.evaluate)])
def test_a_disk_that_fills_at_any_moment_leaves_each_table_as_before_or_as_after(
    homes, tmp_path, moments
):
    worlds, _ = homes
    tables = [tables_of(world) for world in worlds]
    refused = 0
    with small_disk(tmp_path, 200) as disk:
        home = disk / "home"
        shutil.copytree(worlds[0], home, symlinks=True)
        # From nothing to what a whole run needs: landing, cleaning, features and databases.
        for number, room in enumerate(np.linspace(0, LARGEST_ROOM, moments).astype(int), 1):
            shutil.copytree(worlds[number % 2] / "landing", home / "landing", dirs_exist_ok=True)
            leave(disk, int(room))
            ran = amazing(home, *RUN, AMAZING_SHARDS=str(SHARDS), TMPDIR=str(disk))
            refused += ran.returncode
            if ran.returncode:
                said = ran.stderr.strip().splitlines()[-1]
                assert said.startswith(f"amazing: The disk of {home} is full, ")
                assert "Traceback" not in ran.stderr
            leave(disk, 100_000)
            states = {
                name: [is_equal(table, each[name]) for each in tables]
                for name, table in tables_of(home).items()
            }
            assert {name: any(each) for name, each in states.items()} == dict.fromkeys(states, True)
        assert refused >= moments // 2, "there was room enough; the test proves nothing"
        ends_as_undisturbed(home, worlds[1], tables[1])


@pytest.mark.end_to_end
def test_a_home_that_became_read_only_is_one_sentence_and_stays_as_it_was(homes, tmp_path):
    worlds, _ = homes
    with small_disk(tmp_path, 200) as disk:
        home = disk / "home"
        shutil.copytree(worlds[0], home, symlinks=True)
        before = tables_of(home)
        make_read_only(disk)
        ran = amazing(home, *RUN, AMAZING_SHARDS=str(SHARDS))
        assert ran.returncode == 1
        (said,) = ran.stderr.strip().splitlines()
        assert said.startswith(f"amazing: {home}")
        assert said.endswith(
            " is read-only; make it writable, or set AMAZING_HOME to another folder."
        )
        after = tables_of(home)
    assert {name for name in after if is_equal(after[name], before[name])} == set(before)
