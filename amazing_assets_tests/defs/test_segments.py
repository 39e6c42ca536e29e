import shutil

import dagster as dg
import duckdb
import pytest

from amazing_assets.defs.assets import segments
from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets_tests.defs.homes import Home, checks, failure, materialize


@pytest.fixture
def home(world, tmp_path):
    """One month of six hundred customers, with a place for models."""
    made = Home(tmp_path)
    made.resources["models"] = ModelsResource(
        tracking_uri=f"sqlite:///{tmp_path / 'mlflow.db'}", artifacts=str(tmp_path / "artifacts")
    )
    for file in world.files:
        if "2019-Oct" in file.name:
            shutil.copy(file, made.landing)
    return made


@pytest.mark.slow
def test_a_model_that_is_only_a_fallback_warns_and_shows_its_evidence(home):
    assert home.materialize().success
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


def test_without_a_champion_there_is_no_evidence(home):
    run = materialize([segments.segment_evidence], None, home.resources)
    assert failure(run) == (
        "No segment model is the champion yet; materialize segment_model first."
    )
