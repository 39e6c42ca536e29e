import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import mlflow
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.delivery.classification.champions import ChampionStores
from amazing_assets.delivery.classification.classify import Classifier
from amazing_assets.delivery.classification.events import (
    read_events,
    read_file,
    reference_date,
    under_shop_ids,
)
from amazing_assets.delivery.classification.packaged import (
    PackagedError,
    answers,
    package,
    read_table,
)
from amazing_assets.delivery.classification.surroundings import surroundings
from amazing_assets.landing.zone import LandedFile
from amazing_assets.pseudonym import read_key
from amazing_assets_tests.builders import LINE
from amazing_assets_tests.commands import amazing, environment, found

pytestmark = pytest.mark.slow


def of_file(file):
    """The events of a landed file, without its dirt, as a table with the shop's own columns."""
    events, _ = read_file(LandedFile.at(file))
    return events.select(
        pl.col("event_time").dt.strftime("%Y-%m-%d %H:%M:%S UTC"),
        pl.col("event_type").cast(pl.String),
        "product_id",
        "category_id",
        "category_code",
        "brand",
        pl.col("price_cents") / 100,
        "user_id",
        "user_session",
    ).rename({"price_cents": "price"})


EXAMPLE = pl.DataFrame([{**LINE, "product_id": 44600062, "category_id": 2103807459595387724}])
EXAMPLE = EXAMPLE.with_columns(pl.col("price").cast(float), pl.col("user_id").cast(int))


@pytest.fixture(scope="module")
def packaged(classified_home, tmp_path_factory):
    """A home with a packaged classifier, the model as MLflow reads it, and its lake."""
    folder = tmp_path_factory.mktemp("packaged") / "home"
    shutil.copytree(classified_home.warehouse.parent, folder, symlinks=True)
    stores = ChampionStores.of(f"sqlite:///{folder}/mlflow.db", folder / "artifacts")
    version = package(stores, classified_home.lake)
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    yield folder, stores, mlflow.pyfunc.load_model(f"models:/classifier/{version}")
    mlflow.set_tracking_uri(None)


def classified(table, home, packaged, file):
    """What `amazing classify` answers of the same events in a file."""
    table.write_csv(file)
    folder, stores, _ = packaged
    arrived, _ = read_events(LandedFile.at(file), read_key(folder / "pseudonym.key"))
    lent = surroundings(home.lake, reference_date(arrived.events, None))
    found = Classifier(stores.read(), lent).classify(arrived.events)
    return under_shop_ids(found, arrived.ids).cast(answers())


def answered(model, table):
    told = model.predict(table.to_pandas())
    return pl.from_dicts(told.to_dict("records"), schema=answers())


def test_it_answers_the_readme_s_example_as_the_command_does(packaged, classified_home, tmp_path):
    wanted = classified(EXAMPLE, classified_home, packaged, tmp_path / "events.csv")
    assert wanted["reason"].to_list() == ["insufficient_events"]
    assert_frame_equal(answered(packaged[2], EXAMPLE), wanted)


def test_it_answers_a_month_of_customers_as_the_command_does(
    packaged, classified_home, world, tmp_path
):
    table = of_file(world.files[2])
    wanted = classified(table, classified_home, packaged, tmp_path / "events.csv")
    assert wanted["segment"].n_unique() > 3
    assert_frame_equal(answered(packaged[2], table).sort("user_id"), wanted)


def test_a_row_that_is_no_event_is_told():
    with pytest.raises(PackagedError, match="correct those, or leave them out"):
        read_table(EXAMPLE.with_columns(event_type=pl.lit("looked")))


@pytest.mark.evaluate
def test_mlflow_serves_it_as_the_command_answers(packaged, tmp_path):
    folder, _, _ = packaged
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    EXAMPLE.write_csv(tmp_path / "events.csv")
    ran = amazing(folder, "classify", tmp_path / "events.csv", "--json", AMAZING_PSEUDONYM_KEY="")
    (wanted,) = found(ran)["Customers"]
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    serve = ["models", "serve", "-m", "models:/classifier/1", "--env-manager", "local"]
    running = subprocess.Popen(
        [sys.executable, "-m", "mlflow", *serve, "--port", str(port)],
        env=environment(folder, MLFLOW_TRACKING_URI=f"sqlite:///{folder}/mlflow.db", PATH=path),
        start_new_session=True,
    )
    try:
        answer = ask(f"http://127.0.0.1:{port}", EXAMPLE)
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(60)
    (told,) = answer.json()["predictions"]
    assert told == {**wanted, "as_of": str(wanted["as_of"])}


def ask(address, table):
    deadline = time.monotonic() + 180
    while True:
        try:
            return httpx.post(
                f"{address}/invocations", json={"dataframe_records": table.to_dicts()}, timeout=60
            )
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.5)
