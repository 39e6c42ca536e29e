"""Which instance of Dagster's a command opens."""

import dagster as dg
import pytest
import yaml

from amazing_assets.commands.forget import forget
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.key import bind_to_key
from amazing_assets.lake.table import Lake
from amazing_assets.privacy.alone import ErasureError
from amazing_assets.runs.instance import open_instance
from amazing_assets.settings import load_settings
from amazing_assets_tests.builders import KEY


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AMAZING_PSEUDONYM_KEY", KEY)
    # Set by whoever opens an instance, and taken back here.
    monkeypatch.setenv("DAGSTER_HOME", "")
    return load_settings()


@pytest.fixture
def deployed(settings, tmp_path, monkeypatch):
    """An instance that is configured as in `deploy/`: nothing is written beside its file."""
    folder = tmp_path / "deploy"
    folder.mkdir()
    base = {"base_dir": str(tmp_path / "elsewhere")}
    kept = {
        "module": "dagster._core.storage.root",
        "class": "LocalArtifactStorage",
        "config": base,
    }
    told = {"telemetry": {"enabled": False}, "local_artifact_storage": kept}
    (folder / "dagster.yaml").write_text(
        yaml.safe_dump({**told, "storage": {"sqlite": base}}), encoding="utf-8"
    )
    monkeypatch.setenv("DAGSTER_HOME", str(folder))
    return folder


def opened(settings):
    with open_instance(settings) as instance:
        return instance.root_directory


def test_it_is_that_of_the_home_unless_one_is_configured(settings, tmp_path):
    assert opened(settings) == str(settings.dagster_home)
    # As a process that was started by a command on another home has it.
    assert opened(load_settings({"AMAZING_HOME": str(tmp_path / "other")})) == str(
        tmp_path / "other" / "dagster"
    )


def test_a_folder_without_a_configuration_is_none(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    assert opened(settings) == str(settings.dagster_home)


def test_one_that_is_configured_is_opened_and_left_as_it_is(settings, deployed, tmp_path):
    before = (deployed / "dagster.yaml").read_bytes()
    assert opened(settings) == str(tmp_path / "elsewhere")
    assert [each.name for each in deployed.iterdir()] == ["dagster.yaml"]
    assert (deployed / "dagster.yaml").read_bytes() == before


@dg.asset
def an_asset():
    pass


def test_nobody_is_forgotten_beside_a_run_of_the_daemon(settings, deployed):
    Lake(settings.lake, 2, LocalEngine())
    bind_to_key(settings.lake, KEY)
    job = dg.define_asset_job("a_job").resolve(
        asset_graph=dg.Definitions(assets=[an_asset]).resolve_asset_graph()
    )
    with dg.DagsterInstance.from_config(str(deployed)) as instance:
        instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    with pytest.raises(ErasureError, match="A run is under way"):
        forget(541312140)
