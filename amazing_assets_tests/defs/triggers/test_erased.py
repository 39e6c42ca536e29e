"""Where Dagster and MLflow keep what they did is found by what they themselves are told."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.defs.triggers.erased import MODELS, with_histories
from amazing_assets.delivery.classification.registered import CLASSIFIER
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.privacy.histories import History
from amazing_assets.privacy.registry import Registry
from amazing_assets.privacy.stores import Stores
from amazing_assets_tests.builders import KEY
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
    assert found.histories == (
        History("Dagster", f"postgresql+psycopg2://{database.place}"),
        History("MLflow", "postgresql://host/mlflow"),
    )
    assert found.prefixes == ("s3://stage", "s3://logs/dagster")
    assert database.place not in repr(found)


@pytest.mark.parametrize("address", ["https://mlflow.example.com", "mysql://host/mlflow"])
def test_models_elsewhere_are_searched_by_way_of_mlflow(tmp_path, address):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        (found,) = with_histories(stores_of(tmp_path), instance, models(address)).histories
    assert found == Registry(address, tuple(each.name for each in (*MODELS, CLASSIFIER)))
    assert address not in repr(found)


def test_a_file_of_models_that_lies_outside_of_the_home_is_searched_as_well(tmp_path):
    file = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("create table tags as select '987654321' as value")
        made.commit()
    home = tmp_path / "home"
    home.mkdir()
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        stores = with_histories(stores_of(home), instance, models(f"sqlite:///{file}"))
    people = stores.people((987654321,), KEY)
    assert stores.left(people) == {str(file): 1}
    stores.take_out_of_files(people)
    assert stores.left(people) == {}
