import shutil
from datetime import date

import dagster as dg
import duckdb
import polars as pl
import pytest

from amazing_assets.defs.assets import segments
from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.segments.training import month_before
from amazing_assets_tests.defs.homes import Home, checks, failure, materialize


@pytest.fixture(scope="module")
def home(world, tmp_path_factory):
    """Two months of six hundred customers, from landing to features, and a place for models."""
    folder = tmp_path_factory.mktemp("home")
    made = Home(folder)
    made.resources["models"] = ModelsResource(
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}", artifacts=str(folder / "artifacts")
    )
    for file, month in zip(world.files[:2], world.months, strict=False):
        shutil.copy(file, made.landing)
        assert made.materialize(month).success
    return made


def test_without_a_champion_there_is_no_evidence(home):
    run = materialize([segments.segment_evidence], None, home.resources)
    assert failure(run) == (
        "No segment model is the champion yet; materialize segment_model first."
    )


def test_the_month_before_knows_what_was_spent_in_the_28_days_after(home):
    before = month_before(home.lake, ("2019-10", "2019-11"))
    assert before.features["user_id"].equals(home.table("user_features")["user_id"])
    bought = home.table("clean_events", "2019-11").filter(
        pl.col("event_type") == "purchase", pl.col("event_time").dt.date() <= date(2019, 11, 28)
    )
    assert before.revenue["revenue"].sum() == pytest.approx(bought["price_cents"].sum() / 100)
    assert before.revenue["user_id"].is_unique().all()


@pytest.mark.parametrize("months", [("2019-11",), ("2019-09", "2019-11")])
def test_without_the_month_before_stability_in_time_is_not_measured(home, months):
    assert month_before(home.lake, months) is None


def test_a_model_that_is_only_a_fallback_warns_and_shows_its_evidence(home):
    run = materialize([segments.segment_model, segments.segment_evidence], None, home.resources)
    assert run.success
    check = checks(run)["segment_model", "segmentation_is_stable"]
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.WARN
    assert not check.blocking
    assert check.metadata["alert"].text == "too_few_users"
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        for table in segments.EVIDENCE:
            assert connection.execute(f"select count(*) from amazing.{table}").fetchone() == (0,)
