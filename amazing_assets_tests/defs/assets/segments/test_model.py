"""Segments through Dagster: the threshold, the model, its rules and its drift."""

from datetime import date

import dagster as dg
import polars as pl
import pytest

from amazing_assets.dates import first_day
from amazing_assets.defs.assets.segments import evidence, model, months
from amazing_assets.defs.resources.stores import ModelsResource, WarehouseResource
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.language.language import ENGLISH
from amazing_assets.progress import silent
from amazing_assets.segments.threshold.choice import UNTESTED, chosen
from amazing_assets.segments.threshold.words import why
from amazing_assets.segments.training.material import month_before
from amazing_assets.segments.training.refit import refit
from amazing_assets.warehouse.warehouse import read_month
from amazing_assets_tests.defs.homes import checks, failure, materialize

MODEL = [evidence.event_threshold, model.segment_model]
AFTER = [
    evidence.segment_explanation,
    evidence.segment_search,
    months.segment_assignments,
    evidence.segment_drift,
]
OCT = "2019-10"


def home_with_models(october, folder):
    """The month's lake with a warehouse and models of its own."""
    home, warehouse = october[0], folder / "warehouse.duckdb"
    return {
        "lake": home.resources["lake"],
        "warehouse_file": WarehouseResource(database=str(warehouse)),
        "warehouse": WarehouseIOManager(database=str(warehouse), schema="amazing"),
        "models": ModelsResource(
            tracking_uri=f"sqlite:///{folder / 'mlflow.db'}", artifacts=str(folder / "artifacts")
        ),
    }


@pytest.fixture(scope="module")
def untrained(october, tmp_path_factory):
    return home_with_models(october, tmp_path_factory.mktemp("untrained"))


@pytest.fixture(scope="module")
def trained(october, tmp_path_factory):
    """October of the world with its model: too few customers for anything but the grid."""
    given = home_with_models(october, tmp_path_factory.mktemp("trained"))
    run = materialize(MODEL, None, given)
    assert run.success
    return given, run


def metadata(run, asset):
    (event,) = run.asset_materializations_for_node(asset)
    return {name: value.value for name, value in event.metadata.items()}


def test_the_threshold_is_tried_before_the_model_that_takes_it(trained):
    given, run = trained
    evidence = given["warehouse_file"].open().read_table("event_threshold")
    told = why(chosen(evidence), ENGLISH)
    assert "too few customers can be segmented" in told
    assert metadata(run, "event_threshold")["why"] == told
    assert metadata(run, "segment_model")["threshold"] == told
    assert metadata(run, "segment_model")["decision"] == "promoted"
    assert metadata(run, "segment_model")["version"] == "1"


def test_a_model_is_explained_applied_and_watched(trained):
    given, _ = trained
    warehouse = given["warehouse_file"].open()
    rules = materialize(AFTER[:2], None, given)
    month = materialize(AFTER[2:], OCT, given)
    assert rules.success
    assert month.success
    assert all(check.passed for run in (rules, month) for check in checks(run).values())
    assert {name for _, name in checks(month)} == {"keeps_contract", evidence.NO_DRIFT}
    told = warehouse.read_table("segment_rules")
    assert told["model_version"].unique().to_list() == ["1"]
    drift = read_month(warehouse, "segment_drift", first_day(OCT))
    assert drift.filter(measure="share_psi")["value"].to_list() == [0.0]
    assert metadata(month, "segment_drift")["level"] == "ok"


def test_a_second_training_without_segments_leaves_the_champion(trained):
    run = materialize(MODEL[1:], None, trained[0])
    assert metadata(run, "segment_model")["version"] == (
        "none published, the champion before stays"
    )
    assert metadata(run, "segment_model")["reasons"].startswith("It raised the alert too_few")


@pytest.mark.parametrize("asset", AFTER, ids=lambda asset: asset.op.name)
def test_nothing_is_applied_before_there_is_a_model(untrained, asset):
    run = materialize([asset], OCT if asset.partitions_def else None, untrained)
    assert failure(run) == (
        "No segment model is the champion yet; materialize segment_model first."
    )


def test_a_model_that_is_only_a_fallback_warns_and_stays_usable(trained):
    _, run = trained
    check = checks(run)["segment_model", model.STABLE]
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.WARN
    assert not check.blocking
    assert check.metadata["alert"].text == "too_few_users"
    assert check.description.startswith("too few customers")


def test_the_month_before_knows_what_was_spent_in_the_28_days_after(home_with_segments):
    home = home_with_segments
    before = month_before(home.lake, ("2019-10", "2019-11"))
    assert before.features["user_id"].equals(home.table("user_features")["user_id"])
    bought = home.table("clean_events", "2019-11").filter(
        pl.col("event_type") == "purchase", pl.col("event_time").dt.date() <= date(2019, 11, 28)
    )
    assert before.revenue["revenue"].sum() == pytest.approx(bought["price_cents"].sum() / 100)
    assert before.revenue["user_id"].is_unique().all()


@pytest.mark.parametrize("months", [("2019-11",), ("2019-09", "2019-11")])
def test_without_the_month_before_stability_in_time_is_not_measured(home_with_segments, months):
    assert month_before(home_with_segments.lake, months) is None


def test_the_lake_knows_what_was_spent_after_the_month_before(home_with_segments):
    lake = home_with_segments.lake
    first = refit(lake, silent, None, 0, UNTESTED)
    assert first.measured.eta_squared is None
    again = refit(lake, silent, first.published, 7, UNTESTED)
    new, old = again.measured.eta_squared
    assert new == old
    assert 0 < new < 1
