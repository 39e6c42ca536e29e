"""What the stories of kills and faults share: the servers, and two worlds made at home."""

import shutil

import pytest

from amazing_assets_tests.commands import amazing, found
from amazing_assets_tests.stack.month import MONTH, RUN
from amazing_assets_tests.stack.stack import stack


@pytest.fixture(scope="package")
def running(s3, postgres, tmp_path_factory):
    with stack(tmp_path_factory.mktemp("stack"), s3, postgres) as servers:
        yield servers


@pytest.fixture(scope="package")
def worlds(tmp_path_factory):
    """Two homes of the same month in two worlds, each made at home and undisturbed."""
    homes = []
    for seed in (1, 2):
        home = tmp_path_factory.mktemp("world")
        world = ("--customers", 300, "--months", MONTH, "--seed", seed)
        found(amazing(home, "generate", "--to", home / "landing", *world, "--json"))
        # As a shop delivers them: one home never reads two generated worlds.
        shutil.rmtree(home / "landing" / "truth")
        found(amazing(home, *RUN))
        homes.append(home)
    return homes
