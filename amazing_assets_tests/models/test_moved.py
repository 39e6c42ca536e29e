"""A home with models is moved or copied, with a real MLflow: its models go with it."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from amazing_assets.models.archive import FORMAT, UnreadableModelError
from amazing_assets.models.library import quietly
from amazing_assets.models.moved import follow
from amazing_assets.models.promotion import PromotionError
from amazing_assets.models.store import ARCHIVE, STORED_AS, ModelStore, RegisteredModel
from amazing_assets.models.versions import promote
from amazing_assets_tests.disks import make_read_only, small_disk

MODEL = RegisteredModel("groups", "group model", "group_model")


def store_of(home):
    return ModelStore(f"sqlite:///{home / 'mlflow.db'}", (home / "artifacts").as_uri(), MODEL)


@quietly()
def add(home, text, stored_as=FORMAT):
    """Store a version as `ModelStore.add` does, but of a text."""
    store = store_of(home)
    client = store.client()
    run = client.create_run(store._experiment(client)).info  # noqa: SLF001  the store's own
    client.log_text(run.run_id, text, f"model/artifacts/{ARCHIVE}/text")
    if not store.client().search_registered_models():
        client.create_registered_model(MODEL.name)
    source = f"{run.artifact_uri}/model"
    tags = {STORED_AS: stored_as}
    return client.create_model_version(MODEL.name, source, run.run_id, tags=tags).version


def text_of(home, version):
    return store_of(home).read(str(version), lambda folder: (folder / "text").read_text())


def places(home):
    """Every place that the store of a home names, but MLflow's own experiment that nobody uses."""
    with closing(sqlite3.connect(home / "mlflow.db")) as store:
        rows = store.execute(
            "select artifact_location from experiments where experiment_id > 0 union all "
            "select artifact_uri from runs union all "
            "select source from model_versions union all "
            "select storage_location from model_versions"
        )
        return [row[0] for row in rows]


@pytest.fixture
def home(tmp_path):
    """A home with one version, in a folder whose name an address must escape."""
    home = tmp_path / "my home 100%"
    home.mkdir()
    add(home, "first")
    return home


@pytest.mark.parametrize("name", ["elsewhere", "an other_one", "my home 100%.artifacts"])
def test_a_moved_home_reads_its_models_and_adds_to_them(home, tmp_path, name):
    moved = tmp_path / name
    home.rename(moved)
    assert text_of(moved, 1) == "first"
    add(moved, "second")
    assert text_of(moved, 2) == "second"
    assert len(places(moved)) == 7
    assert not [place for place in places(moved) if not place.startswith(moved.as_uri())]
    assert not home.exists()


def test_a_copied_home_has_models_of_its_own(home, tmp_path):
    copied = tmp_path / "copy"
    shutil.copytree(home, copied)
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    add(copied, "the copy's")
    assert text_of(copied, 2) == "the copy's"
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before
    with pytest.raises(UnreadableModelError):
        text_of(home, 2)


def test_the_move_is_told_once(home, tmp_path, caplog):
    moved = tmp_path / "moved"
    home.rename(moved)
    store_of(moved).aliases()
    (told,) = [record.getMessage() for record in caplog.records if "moved" in record.getMessage()]
    assert told == (
        f"The home was moved or copied: its models are read and written in {moved.as_uri()}"
        f"/artifacts from now on, no longer in {home.as_uri()}/artifacts."
    )
    caplog.clear()
    store_of(moved).aliases()
    assert not caplog.records


def test_a_version_that_cannot_be_read_is_not_promoted(home):
    store = store_of(home)
    promote("1", store)
    add(home, "of an earlier version", stored_as="pickle")
    with pytest.raises(PromotionError, match="Version 2 of the group model cannot be read by this"):
        promote("2", store)
    assert store.champion() == "1"
    assert (store.can_read("1"), store.can_read("2")) == (True, False)


@pytest.mark.parametrize(
    ("uri", "artifacts"),
    [
        ("sqlite:///{home}/mlflow.db", "file:///elsewhere/artifacts"),
        ("sqlite:///{home}/mlflow.db", "s3://bucket/artifacts"),
        ("https://mlflow.example.com", "file://{home}/artifacts"),
        ("sqlite:///{home}/never-made.db", "file://{home}/artifacts"),
    ],
)
def test_a_store_that_is_no_homes_own_is_left_as_it_is(home, uri, artifacts):
    before = (home / "mlflow.db").read_bytes()
    assert follow(uri.format(home=home), artifacts.format(home=home), MODEL.name) is None
    assert (home / "mlflow.db").read_bytes() == before


def test_a_moved_home_that_nobody_can_write_to_is_read(home, tmp_path):
    (disk := tmp_path / "disk").mkdir()
    with small_disk(disk, 8):
        shutil.move(home, moved := disk / "moved")
        make_read_only(disk)
        assert text_of(moved, 1) == "first"
