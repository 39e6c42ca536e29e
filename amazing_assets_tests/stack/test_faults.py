"""Servers and disks of the stack that fail: one sentence, nothing half, and a run mends it."""

import shutil
import subprocess
from threading import Timer

import numpy as np
import pytest

from amazing_assets.models.store import ModelStore
from amazing_assets.segments.registered import SEGMENT_MODEL
from amazing_assets_tests.clusters import cluster
from amazing_assets_tests.commands import amazing, command, environment, found
from amazing_assets_tests.daemon.platform import eventually
from amazing_assets_tests.disks import leave, small_disk
from amazing_assets_tests.stack.month import (
    MONTH,
    RUN,
    complete,
    deliver,
    states,
    tables_at_home,
)

pytestmark = pytest.mark.evaluate

TRAIN = ("run", "--months", MONTH, "--select", "key:segment_model", "--json")

AWAY = (
    "amazing: The server of models cannot be reached, or not what it keeps its files in; start it, "
    "or correct MLFLOW_TRACKING_URI and the network."
)

# MLflow's own setting: six of its attempts take four minutes.
IMPATIENT = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"}

# In kB: with somewhat less than this a home finds no room for what a run writes down.
LARGEST_ROOM = 1_000


@pytest.fixture(scope="module")
def expected(worlds):
    return [tables_at_home(world) for world in worlds]


@pytest.fixture(scope="module")
def home(running, worlds, expected, tmp_path_factory):
    """A home whose tables lie on the stack, made of the first world."""
    home = tmp_path_factory.mktemp("home")
    deliver(running, worlds[0])
    complete(running, home, expected[0])
    return home


def versions(running):
    return len(running.keys("-models"))


def test_a_training_waits_for_a_server_of_models_that_is_away_for_a_while(running, home):
    running.models.stop()
    # Trainings have begun by then, and asked for what there is.
    coming = Timer(20, running.models.start)
    coming.start()
    try:
        found(amazing(home, *TRAIN, **running.variables))
    finally:
        coming.join()
    assert versions(running) > 0


def test_a_training_without_a_server_of_models_is_one_sentence_and_is_made_up_for(running, home):
    before = versions(running)
    running.models.stop()
    ran = amazing(home, *TRAIN, **running.variables, **IMPATIENT)
    assert ran.returncode == 1
    assert ran.stderr.strip().splitlines()[-1] == AWAY
    assert "Traceback" not in ran.stderr
    running.models.start()
    running.models.wait()
    assert versions(running) == before
    found(amazing(home, *TRAIN, **running.variables))


def test_a_version_that_is_removed_leaves_no_file_with_the_server(running, home):
    store = ModelStore(running.models.address, home.as_uri(), SEGMENT_MODEL)
    for version in store.versions():
        store.remove(version.version)
    assert running.keys("-models") == []
    assert store.versions() == []


def test_a_scheduler_that_is_killed_is_one_sentence_and_the_next_run_completes(
    running, home, worlds, expected, tmp_path
):
    deliver(running, worlds[1])
    cleaned = len(cleaned_by(running))
    with cluster(tmp_path) as lost:
        process = subprocess.Popen(
            command(*RUN),
            env=environment(home, **running.variables | {"AMAZING_CLUSTER": lost.address}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        # Workers write another version of it.
        eventually(lambda: len(cleaned_by(running)) > cleaned)
        lost.kill_scheduler()
        _, said = process.communicate()
    assert process.returncode == 1
    last = said.strip().splitlines()[-1]
    assert last.startswith(f"amazing: The scheduler {lost.address} ")
    assert "Traceback" not in said
    assert all(map(any, states(running, *expected).values()))
    complete(running, home, expected[1])


def cleaned_by(running):
    return [key for key in running.keys("-lake") if "/clean_events/versions/" in key]


def test_a_disk_of_the_home_that_is_full_is_one_sentence_and_the_next_run_completes(
    running, home, worlds, expected, tmp_path
):
    refused = []
    with small_disk(tmp_path, 200) as disk:
        there = shutil.copytree(home, disk / "home", symlinks=True)
        for number, room in enumerate(np.linspace(0, LARGEST_ROOM, 5).astype(int), 1):
            deliver(running, worlds[number % 2])
            leave(disk, int(room))
            ran = amazing(there, *RUN, **running.variables, TMPDIR=str(disk))
            if ran.returncode:
                refused.append(ran.stderr.strip().splitlines()[-1])
                assert "Traceback" not in ran.stderr
            leave(disk, 100_000)
            assert all(map(any, states(running, *expected).values()))
        assert len(refused) >= 2, "there was room enough; the test proves nothing"
        assert {said.startswith(f"amazing: The disk of {there} is full, ") for said in refused} == {
            True
        }
        deliver(running, worlds[0])
        complete(running, there, expected[0], TMPDIR=str(disk))
