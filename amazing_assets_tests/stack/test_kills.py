"""Runs over the whole stack, killed at any moment: nothing lost, nothing doubled, nothing half."""

import time
from collections import Counter

import numpy as np
import pytest

from amazing_assets_tests.daemon.platform import eventually
from amazing_assets_tests.killing import is_killed_after
from amazing_assets_tests.stack.month import RUN, complete, deliver, states, tables_at_home

pytestmark = pytest.mark.evaluate

KILLS = 200

# Of so many runs one is let to its end.
LET_LIVE = 20

# A run that was killed is silent for so long before its leavings are taken away.
SILENCE_SECONDS = 61

WRITING = (
    "select count(*) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)
DOUBLED = (
    "select 1 from amazing.publications group by table_name, partition_key, run_id "
    "having count(*) > 1"
)


def test_runs_killed_at_any_moment_leave_each_table_as_before_or_as_after(
    running, worlds, tmp_path
):
    expected = [tables_at_home(world) for world in worlds]
    deliver(running, worlds[0])
    complete(running, tmp_path, expected[0])
    begun = time.monotonic()
    complete(running, tmp_path, expected[0])
    seconds = time.monotonic() - begun
    seen, killed = Counter(), 0
    for number, moment in enumerate(np.random.default_rng(KILLS).uniform(0.2, 1.0, KILLS), 1):
        new = number % 2
        deliver(running, worlds[new])
        killed += is_killed_after(float(moment) * seconds, RUN, tmp_path, **running.variables)
        # The server may be at its last words to who is gone.
        eventually(lambda: running.warehouse.execute(WRITING) == [(0,)])
        for name, found in states(running, *expected).items():
            assert any(found), f"{name} after kill {number} at {moment:.3f} is neither month"
            seen[name, found[new]] += 1
        if number % LET_LIVE == 0:
            complete(running, tmp_path, expected[new])
    assert killed >= KILLS // 2, "most runs were over before they were killed"
    assert {is_new for _, is_new in seen} == {True, False}, "no kill fell within the work"
    time.sleep(SILENCE_SECONDS)
    deliver(running, worlds[1])
    complete(running, tmp_path, expected[1])
    assert_nothing_is_left(running)


def assert_nothing_is_left(running):
    """One version is read, the one before it stays, and the next run takes the third away."""
    stored = [key.split("/versions/") for key in running.keys("-lake") if "/versions/" in key]
    versions = {(table, *rest.split("/")[:2]) for table, rest in stored}
    kept = Counter((table, month) for table, month, _ in versions)
    assert len(kept) > 5
    assert max(kept.values()) <= 3
    assert running.warehouse.execute(DOUBLED) == []
