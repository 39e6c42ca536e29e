"""What tests share: real files, lakes in temporary folders, builders with good defaults."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.landing.names import month_of_file
from amazing_assets_tests.segmented import ASSETS as SEGMENTED_ASSETS
from amazing_assets_tests.segmented import MONTHS as SEGMENTED_MONTHS
from amazing_assets_tests.segmented import segmented


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


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake", 4, LocalEngine())


@pytest.fixture(scope="session")
def home_with_segments(world, tmp_path_factory):
    """October and November with segments that are told, profiled for real; read-only."""
    home = segmented(tmp_path_factory.mktemp("segmented"), world)
    for month in SEGMENTED_MONTHS:
        assert home.materialize(month, SEGMENTED_ASSETS).success
    return home
