"""Dagster's daemon for real: files land, months run once each, features follow."""

import dataclasses
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from amazing_assets.dates import first_day
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.landing.arrivals import PARTS_SETTLE, arrivals
from amazing_assets.landing.cursor import Cursor
from amazing_assets.landing.zone import Folder, Zone
from amazing_assets_tests.commands import environment

REPOSITORY = Path(__file__).parents[2]
LOCATION = ("-m", "amazing_assets_tests.sensors.quick", "-d", str(REPOSITORY))
MONTHS = ("2019-10", "2019-11")
PATIENCE = 120

# Two looks of the automation, which the daemon lets happen every five seconds.
QUIET = 11


@pytest.fixture
def home(tmp_path):
    """A home with two months landed, in two parts each and with a file that is not ours."""
    days = tuple(first_day(month) for month in MONTHS)
    generate(tmp_path / "landing", WorldSettings(customers=150, months=days, parts=2))
    (tmp_path / "landing" / "read me.txt").write_text("not a month")
    (tmp_path / "dagster").mkdir()
    shutil.copy(REPOSITORY / "dagster.yaml", tmp_path / "dagster")
    return tmp_path


def dagster(home, program, *arguments):
    with (home / f"{program}.log").open("a") as log:
        return subprocess.Popen(
            [Path(sys.executable).with_name(program), *arguments, *LOCATION],
            env=environment(home, DAGSTER_HOME=str(home / "dagster"), AMAZING_SHARDS="2"),
            stdout=log,
            stderr=log,
        )


def let_settle(home):
    """Give the sensor the cursor of a tick that saw the files as long ago as they settle."""
    long_ago = datetime.now(UTC) - PARTS_SETTLE
    seen = arrivals(Zone(Folder(home / "landing")).listing(), Cursor(), long_ago).cursor
    cursor = dataclasses.replace(seen, reported=frozenset()).to_json()
    for command in (("cursor", "landing_files", "--set", cursor), ("start", "landing_files")):
        assert dagster(home, "dagster", "sensor", *command).wait(PATIENCE) == 0


@contextmanager
def daemon(home):
    process = dagster(home, "dagster-daemon", "run")
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def runs(instance):
    """The month and status of every run, by its job."""
    found = {}
    for run in instance.get_runs():
        made = (run.tags["dagster/partition"], run.status.value)
        found.setdefault(run.job_name, []).append(made)
    return {job: sorted(made) for job, made in found.items()}


@pytest.mark.slow
def test_landed_months_run_once_each_and_their_features_follow(home):
    let_settle(home)
    once_each = [(month, "SUCCESS") for month in MONTHS]
    # Runs that automation asks for have Dagster's own name.
    wanted = {"month_job": once_each, "__ASSET_JOB": once_each}
    with daemon(home), dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        deadline = time.monotonic() + PATIENCE
        while runs(instance) != wanted and time.monotonic() < deadline:
            time.sleep(0.5)
        time.sleep(QUIET)
        assert runs(instance) == wanted
        (seen,) = instance.fetch_observations(dg.AssetKey("landing_zone"), limit=5).records
    assert seen.asset_observation.metadata["names that say no month"].value == ["read me.txt"]
    assert Lake(home / "lake", 2, LocalEngine()).months("user_features") == MONTHS
