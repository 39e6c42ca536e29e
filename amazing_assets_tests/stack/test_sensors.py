"""The demo over the whole stack, driven by files that land: one story, told in order."""

import shutil
import subprocess
import sys
from collections import Counter

import polars as pl
import pytest
from mlflow import MlflowClient
from polars.testing import assert_frame_equal

from amazing_assets.cadence import CADENCES
from amazing_assets.commands.demo import QUICK
from amazing_assets.dates import first_day, weeks_ending_in
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.landing.names import month_of_file
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.commands import amazing, environment
from amazing_assets_tests.daemon.platform import SHARDS
from amazing_assets_tests.daemon.test_daemon import LAUNCH_RUN
from amazing_assets_tests.places import BUCKET
from amazing_assets_tests.stack import at_home, views_alone
from amazing_assets_tests.stack.at_home import EVERYTHING, OF_A_WEEK, VIEW, VIEWS
from amazing_assets_tests.stack.stack import DeployedPlatform, in_order, stack
from amazing_assets_tests.warehouse.equal import assert_same_table

pytestmark = pytest.mark.evaluate

# The first week whose pauses can be foretold ends with the third month; of fewer customers nobody
# would be listed.
MONTHS, CUSTOMERS = ("2019-10", "2019-11", "2019-12"), 2_400

EVERYTHING_FOLLOWS = "amazing_assets.definitions"

TRAININGS = ("train_segments", "train_next_actions")

# The job that trains what a demo trains with less.
OF_A_JOB = {"next_action_model": "train_next_actions"}

# Every week has its view, from which later ones learn; the weeks of the last month have everything.
WEEKS = {
    month: [week for week in weeks_ending_in(month) if week >= "2019-10-01"] for month in MONTHS
}
EVERY_WEEK = [week for weeks in WEEKS.values() for week in weeks]
MADE_ONCE = {
    "month_job": MONTHS,
    "user_features": MONTHS,
    **dict.fromkeys(OF_A_WEEK, WEEKS[MONTHS[-1]]),
    VIEW: EVERY_WEEK,
}

# Fifty runs, each a process, on a machine that may be busy with something else.
PATIENCE = 3_600

# A model of risk is searched for as long as its seconds last: what it tells is compared apart.
BY_RISK = ("churn_scores", "churn_feedback")

STOP_SENSOR = """
mutation ($id: String!) { stopSensor(id: $id) { __typename } }
"""
SENSOR = """
query ($sensor: SensorSelector!) { sensorOrError(sensorSelector: $sensor) { ... on Sensor { id } } }
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of each month."""
    folder = tmp_path_factory.mktemp("world")
    days = tuple(first_day(month) for month in MONTHS)
    generate(folder, WorldSettings(customers=CUSTOMERS, months=days))
    return {month_of_file(file.name): file for file in folder.glob("*.csv.gz")}


@pytest.fixture(scope="module")
def deployed(s3, postgres, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stack")
    (folder / "home").mkdir()
    with (
        stack(folder, s3, postgres) as running,
        DeployedPlatform(
            folder / "home", running.place, stack=running, code=views_alone.__name__
        ) as platform,
    ):
        yield platform


@pytest.fixture(scope="module")
def local(files, tmp_path_factory):
    """A home on this machine's disk, to which the same files came in the same order."""
    home = tmp_path_factory.mktemp("local")
    (home / "landing").mkdir()
    for month, file in sorted(files.items()):
        shutil.copy(file, home / "landing")
        how = EVERYTHING if month == MONTHS[-1] else VIEWS
        program = [sys.executable, "-m", at_home.__name__, month, how]
        subprocess.run(
            program,
            env=environment(home, AMAZING_SHARDS=str(SHARDS)),
            check=True,
            capture_output=True,
        )
    return home


def location(**more):
    code = {"repositoryName": "__repository__", "repositoryLocationName": "amazing_assets"}
    return code | more


def launch(platform, job):
    """Start a job as its schedule does in the night, but with the searches of a demo."""
    ops = {name: {"config": QUICK[name]} for name in QUICK if job == OF_A_JOB.get(name)}
    params = {
        "selector": location(pipelineName=job),
        "mode": "default",
        "runConfigData": {"ops": ops},
    }
    launched = platform.ask(LAUNCH_RUN, params=params)["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched


def stop_watching_for_drift(platform):
    """At home nobody looks whether a month asks for another model: nor shall anybody here."""
    sensor = platform.ask(SENSOR, sensor=location(sensorName="segments_drift"))["sensorOrError"]
    platform.ask(STOP_SENSOR, id=sensor["id"])


def test_every_month_that_lands_is_made_by_itself_up_to_report_and_lists(deployed, files):
    stop_watching_for_drift(deployed)
    for month in MONTHS:
        if month == MONTHS[-1]:
            deployed.deploy(EVERYTHING_FOLLOWS)
        deployed.place.write(files[month].name, files[month].read_bytes())
        deployed.settle(PATIENCE)
        if month == MONTHS[0]:
            for job in TRAININGS:
                launch(deployed, job)
            deployed.settle(PATIENCE)
    made = deployed.new_runs()
    assert {status for _, _, status in made} == {"SUCCESS"}
    assert Counter({run: made[run] for run in made if run[0] in MADE_ONCE}) == Counter(
        (name, key, "SUCCESS") for name, keys in MADE_ONCE.items() for key in keys
    )


def test_every_report_that_is_written_at_home_is_written_there(deployed, local):
    written = {
        folder: {
            str(file.relative_to(folder))
            for file in (folder / "reports").rglob("*")
            if file.is_file() and "contact_lists" not in file.parts
        }
        for folder in (deployed.folder, local)
    }
    assert sum(name.endswith(".pdf") for name in written[local]) >= 2
    assert written[deployed.folder] == written[local]


def test_every_table_of_the_lake_is_the_one_made_at_home(deployed, local):
    here = Lake(local / "lake", None, LocalEngine())
    there = deployed.stack.lake
    made = {
        (table, key)
        for table in LAKE
        for cadence in CADENCES
        for key in here.partitions(table, cadence)
    }
    assert {
        (table, key)
        for table in LAKE
        for cadence in CADENCES
        for key in there.partitions(table, cadence)
    } == made
    assert {table for table, _ in made} == LAKE.keys() - {"contacts"}
    for table, key in sorted(made):
        assert_frame_equal(
            in_order(there.scan(table, key).collect()),
            in_order(here.scan(table, key).collect()),
            abs_tol=1e-12,
            rel_tol=1e-12,
        )


def test_every_table_of_the_warehouse_is_the_one_made_at_home(deployed, local):
    file = DuckDBWarehouse(local / "warehouse.duckdb")
    there = deployed.stack.tables
    assert {name for name in WAREHOUSE if file.read_table(name) is not None} == WAREHOUSE.keys()
    assert WAREHOUSE.keys() <= there.tables()
    for name in sorted(WAREHOUSE.keys() - {*BY_RISK}):
        assert_same_table(name, file, there)


def test_what_is_told_of_risk_is_told_at_home_by_the_same_models(deployed, local, tmp_path):
    """Of a copy of the home, by the models that were searched on the stack."""
    home = shutil.copytree(local, tmp_path / "home", symlinks=True)
    select = " or ".join(f"key:{name}" for name in (*BY_RISK, "contact_lists"))
    models = {"MLFLOW_TRACKING_URI": deployed.stack.models.address}
    ran = amazing(home, "run", "--months", MONTHS[-1], "--select", select, **models)
    assert ran.returncode == 0, ran.stderr
    file = DuckDBWarehouse(home / "warehouse.duckdb")
    assert not file.read_table("churn_scores").is_empty()
    assert_same_table("churn_scores", file, deployed.stack.tables)
    # Of the scores of the last week nothing is known yet; a server has no rows to return.
    assert file.read_table("churn_feedback").is_empty()
    assert deployed.stack.tables.read_table("churn_feedback") is None
    folder = home / "reports" / "contact_lists"
    lists = {str(file.relative_to(folder)): file for file in folder.rglob("*.parquet")}
    keys = {key.partition("-lists/")[2]: key for key in deployed.stack.keys("-lists")}
    found = {name: key for name, key in keys.items() if name.endswith(".parquet")}
    assert lists
    assert lists.keys() == found.keys()
    for name, listed in lists.items():
        answer = deployed.place.server.client.get_object(Bucket=BUCKET, Key=found[name])
        assert_frame_equal(
            pl.read_parquet(answer["Body"].read()), pl.read_parquet(listed), abs_tol=1e-12
        )


def test_the_files_of_models_lie_with_their_server_and_not_in_a_home(deployed):
    assert {"segments", "next_actions", "customer_value"} <= {
        model.name
        for model in MlflowClient(deployed.stack.models.address).search_registered_models()
    }
    assert len(deployed.stack.keys("-models")) > 10
    assert not list((deployed.folder / "artifacts").rglob("MLmodel"))
