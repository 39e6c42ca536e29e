"""Where Dagster and MLflow keep what they did is found by what they themselves are told."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.defs.triggers.erased import with_histories
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.privacy.stores import Stores
from amazing_assets_tests.privacy.homes import stores_of

REPOSITORY = Path(__file__).parents[3]


def models(address):
    return ModelsResource(tracking_uri=address, artifacts="/nowhere")


def test_at_home_there_is_nothing_but_files(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        found = with_histories(stores_of(tmp_path), instance, models("sqlite:///mlflow.db"))
    assert (found.histories, found.prefixes) == ((), ())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_in_production_databases_and_logs_are_on_servers(database, tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZING_DAGSTER_POSTGRES", f"postgresql+psycopg2://{database.place}")
    monkeypatch.setenv("AMAZING_LOG_BUCKET", "logs")
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    shutil.copy(REPOSITORY / "deploy" / "dagster.yaml", tmp_path)
    lake = Lake(tmp_path / "lake", 1, LocalEngine())
    stores = Stores(tmp_path, lake, tmp_path / "warehouse", "s3://lists", prefixes=("s3://stage",))
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        found = with_histories(stores, instance, models("postgresql://host/mlflow"))
    assert [(each.name, each.address) for each in found.histories] == [
        ("Dagster", f"postgresql+psycopg2://{database.place}"),
        ("MLflow", "postgresql://host/mlflow"),
    ]
    assert found.prefixes == ("s3://stage", "s3://logs/dagster")
    assert database.place not in repr(found)
