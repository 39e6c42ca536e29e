"""The demo over the whole stack, driven by files that land: one story, told in order."""

import shutil
from collections import Counter

import polars as pl
import pytest
from mlflow import MlflowClient
from polars.testing import assert_frame_equal

from amazing_assets.cadence import CADENCES
from amazing_assets.dates import first_day
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.landing.names import month_of_file
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.commands import amazing
from amazing_assets_tests.daemon.test_daemon import LAUNCH_RUN
from amazing_assets_tests.places import BUCKET
from amazing_assets_tests.stack.stack import DeployedPlatform, in_order, stack
from amazing_assets_tests.warehouse.equal import assert_same_table

pytestmark = pytest.mark.evaluate

# The first week whose pauses can be foretold ends with the third month; of fewer customers nobody
# would be listed.
MONTHS, CUSTOMERS = ("2019-10", "2019-11", "2019-12"), 2_400

TRAININGS = ("train_segments", "train_next_actions")

# Sixty runs a month, each a process, on a machine that may be busy with something else.
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
        DeployedPlatform(folder / "home", running.place, stack=running) as platform,
    ):
        yield platform


@pytest.fixture(scope="module")
def local(files, tmp_path_factory):
    """A home on this machine's disk, to which the same files came in the same order."""
    home = tmp_path_factory.mktemp("local")
    (home / "landing").mkdir()
    for month, file in sorted(files.items()):
        shutil.copy(file, home / "landing")
        ran = amazing(home, "run", "--months", month)
        assert ran.returncode == 0, ran.stderr
    return home


def location(**more):
    code = {"repositoryName": "__repository__", "repositoryLocationName": "amazing_assets"}
    return code | more


def launch(platform, job):
    """Start a job as its schedule does in the night."""
    params = {"selector": location(pipelineName=job), "mode": "default"}
    launched = platform.ask(LAUNCH_RUN, params=params)["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched


def stop_watching_for_drift(platform):
    """At home nobody looks whether a month asks for another model: nor shall anybody here."""
    sensor = platform.ask(SENSOR, sensor=location(sensorName="segments_drift"))["sensorOrError"]
    platform.ask(STOP_SENSOR, id=sensor["id"])


def test_every_month_that_lands_is_made_by_itself_up_to_report_and_lists(deployed, files):
    stop_watching_for_drift(deployed)
    for month in MONTHS:
        deployed.place.write(files[month].name, files[month].read_bytes())
        deployed.settle(PATIENCE)
        if month == MONTHS[0]:
            for job in TRAININGS:
                launch(deployed, job)
            deployed.settle(PATIENCE)
    made = deployed.new_runs()
    assert {status for _, _, status in made} == {"SUCCESS"}
    assert Counter({run: made[run] for run in made if run[0] == "month_job"}) == Counter(
        ("month_job", month, "SUCCESS") for month in MONTHS
    )
    assert len(list((deployed.folder / "reports" / MONTHS[-1]).glob("segments-*.pdf"))) == 2


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
    made = {name for name in WAREHOUSE if file.read_table(name) is not None}
    assert len(made) > 12
    for name in sorted(made - {*BY_RISK}):
        assert_same_table(name, file, deployed.stack.tables)


def test_what_is_told_of_risk_is_told_at_home_by_the_same_models(deployed, local, tmp_path):
    """Of a copy of the home, by the models that were searched on the stack."""
    home = shutil.copytree(local, tmp_path / "home", symlinks=True)
    select = " or ".join(f"key:{name}" for name in (*BY_RISK, "contact_lists"))
    models = {"MLFLOW_TRACKING_URI": deployed.stack.models.address}
    ran = amazing(home, "run", "--months", MONTHS[-1], "--select", select, **models)
    assert ran.returncode == 0, ran.stderr
    file = DuckDBWarehouse(home / "warehouse.duckdb")
    assert_same_table("churn_scores", file, deployed.stack.tables)
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
