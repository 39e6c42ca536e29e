import json
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.segments.registry import champion, client, mlflow, promote, publish, quietly

MONTH = date(2020, 2, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A real MLflow: its database, and where its artefacts go."""
    folder = tmp_path_factory.mktemp("mlflow")
    return f"sqlite:///{folder / 'mlflow.db'}", (folder / "artifacts").as_uri()


@pytest.fixture(scope="module")
def versions(store, model, grid):
    """The fallback, published first, and the model."""
    tags = {"feature_version": "7"}
    return publish(grid, *store), publish(model, *store, tags)


def test_there_is_no_champion_before_one_is_promoted(tmp_path):
    assert champion(f"sqlite:///{tmp_path / 'mlflow.db'}") is None


def test_the_champion_assigns_as_the_model_did(store, versions, model, planted):
    promote(versions[1], store[0])
    restored = champion(store[0])
    assert restored.version == versions[1]
    assert_frame_equal(
        restored.assign(planted[0], MONTH).drop("model_version"),
        model.assign(planted[0], MONTH).drop("model_version"),
    )


def test_rolling_back_moves_the_alias(store, versions):
    promote(versions[1], store[0])
    promote(versions[0], store[0])
    assert champion(store[0]).found.candidate == "rfm"


def test_a_version_says_what_it_is(store, versions, model):
    tags = client(store[0]).get_model_version("segments", versions[1]).tags
    assert tags["k"] == "7"
    assert tags["threshold"] == "20"
    assert tags["feature_version"] == "7"
    assert tags["data_hash"] == model.provenance.data_hash


def test_artefacts_are_where_they_should_be(store, versions):
    source = client(store[0]).get_model_version("segments", versions[0]).source
    assert source.startswith(store[1])


def test_it_can_be_served(store, versions, model, planted):
    source = client(store[0]).get_model_version("segments", versions[1]).source
    with quietly():
        served = mlflow().pyfunc.load_model(source)
        features = planted[0].head(3).with_columns(n_events_history=pl.Series([5, 50, 50]))
        answers = served.predict(features.select(model.columns).to_pandas())
    assert list(answers.columns) == ["segment", "segment_name", "margin", "reason"]
    assert answers["reason"].tolist() == ["insufficient_events", None, None]
    assert json.loads(answers.to_json(orient="records"))[0]["segment"] is None
