"""What tests share: real files, lakes in temporary folders, builders with good defaults."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.landing.names import month_of_file


@pytest.fixture(scope="session")
def real_data():
    folder = os.environ.get("AMAZING_REAL_DATA")  # noqa: TID251  names where tests find the files
    if not folder:
        pytest.skip("AMAZING_REAL_DATA is not set; it names the folder of real event files")
    return Path(folder)


@dataclass(frozen=True)
class World:
    """A generated world: its landing files in order, their months, and the truth."""

    folder: Path
    files: list[Path]
    months: list[str]
    dirt: dict[str, dict]


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """Seven months of 600 customers, with all the planted dirt; read-only."""
    folder = tmp_path_factory.mktemp("world")
    truth = generate(folder, WorldSettings(customers=600, seed=3))
    files = sorted(truth.files, key=lambda file: month_of_file(file.name))
    months = [month_of_file(file.name) for file in files]
    return World(folder, files, months, json.loads(truth.dirt.read_text()))


@pytest.fixture(scope="session")
def october(world, tmp_path_factory):
    """October of the world, from landing to features, and the run that made it; read-only."""
    from amazing_assets_tests.defs.homes import Home  # noqa: PLC0415  Dagster takes a second

    home = Home(tmp_path_factory.mktemp("october"))
    shutil.copy(world.files[0], home.landing)
    run = home.materialize()
    assert run.success
    return home, run


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake", 4, LocalEngine())
