"""Thirty weeks of a small shop, made one after the other through Dagster, and made again."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.risk.publication import read_version
from amazing_assets.churn.risk.registered import CHURN_MODELS
from amazing_assets.dates import week_end
from amazing_assets.models.library import quietly
from amazing_assets.models.store import ModelStore
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.commands import amazing, environment
from amazing_assets_tests.instances import instance_of
from benchmarks.weeks import OF_A_WEEK

pytestmark = pytest.mark.evaluate

ROOT = Path(__file__).parents[2]
SPAN = "2019-10:2020-04"
RISK = [asset for asset in OF_A_WEEK if not asset.startswith("next_action")]
# Of so few customers a model is made of twenty who did it.
CUSTOMERS, QUICK = 600, {"trials": 3, "fewest": 20}
TABLES = ("churn_scores", "churn_feedback", "customer_value")
MONTHLY = " or ".join(
    f"key:{name}"
    for name in ("raw_events", "clean_events", "sessions", "user_products", "price_book")
)


def backfilled(home):
    """Make all weeks in one process; what each took."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.weeks", "run", str(home), SPAN),
            *(",".join(RISK), json.dumps({"churn_models": QUICK})),
        ],
        env=environment(home, AMAZING_LANDING=str(home / "landing")),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4_000:]
    return pl.DataFrame([json.loads(line) for line in ran.stdout.splitlines()])


def told(home):
    warehouse = DuckDBWarehouse(home / "warehouse.duckdb")
    return {name: warehouse.read_table(name) for name in TABLES}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("shop")
    landing = home / "landing"
    made = amazing(home, "generate", "--to", landing, "--customers", CUSTOMERS, "--months", SPAN)
    assert made.returncode == 0, made.stderr
    ran = amazing(home, "run", "--select", MONTHLY, AMAZING_LANDING=str(landing))
    assert ran.returncode == 0, ran.stderr
    return home


@pytest.fixture(scope="module")
def took(home):
    return backfilled(home)


@pytest.fixture(scope="module")
def tables(home, took):
    return told(home)


def test_each_week_is_made_once(home, took):
    assert took.height == 30
    with instance_of(home / "dagster") as instance:
        for asset in RISK:
            made = instance.fetch_materializations(dg.AssetKey(asset), limit=100).records
            assert sorted(each.partition_key for each in made) == took["week"].to_list()


def test_no_model_was_trained_on_what_was_not_yet_known(home, tables):
    horizons = {task.name: timedelta(days=task.horizon_days) for task in TASKS}
    made = []
    for task, model in CHURN_MODELS.items():
        store = ModelStore(f"sqlite:///{home}/mlflow.db", (home / "artifacts").as_uri(), model)
        with quietly():
            versions = [str(each.version) for each in store.versions()]
        made += [(task, read_version(store, version)) for version in versions]
    assert {task for task, _ in made} >= {"pause", "cancel"}
    late = [
        (task, each.as_of)
        for task, each in made
        if each.provenance.last_date + horizons[task] > each.as_of
    ]
    assert late == []


def test_feedback_is_there_from_the_week_on_in_which_an_outcome_is_known(tables, took):
    last = week_end(took["week"][-1])
    scored = tables["churn_scores"].select("task", "reference_date").unique()
    horizons = {task.name: timedelta(days=task.horizon_days) for task in TASKS}
    expected = {
        (task, day, day + horizons[task])
        for task, day in scored.iter_rows()
        if day + horizons[task] <= last
    }
    known = tables["churn_feedback"].select("task", "scored_date", "reference_date").unique()
    assert set(known.iter_rows()) == expected
    assert len(expected) >= 8
    assert {task for task, _, _ in expected} >= {"pause", "cancel"}
    assert min(known for _, _, known in expected) < date(2020, 4, 1)


def test_a_week_costs_no_more_the_more_weeks_there_are(took):
    # By the seconds of the processor, whatever else the machine does; the newest week is searched
    # anew, and a model that is eight weeks old is fitted anew: medians leave them out.
    middle, last = took[10:20], took[20:30]
    assert last["cpu"].median() <= 1.3 * middle["cpu"].median()
    assert last["gigabytes"].median() <= 1.3 * middle["gigabytes"].median()


def test_made_again_every_table_is_the_same(home, tables):
    backfilled(home)
    for name, again in told(home).items():
        keys = [column for column in again.columns if again[column].dtype != pl.Float64]
        assert_frame_equal(
            again.sort(keys), tables[name].sort(keys), check_exact=False, rel_tol=1e-12
        )
