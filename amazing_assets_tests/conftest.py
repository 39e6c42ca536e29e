"""What tests share: real files, lakes in temporary folders, builders with good defaults."""

import os
from pathlib import Path

import pytest

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake


@pytest.fixture(scope="session")
def real_data():
    folder = os.environ.get("AMAZING_REAL_DATA")  # noqa: TID251  names where tests find the files
    if not folder:
        pytest.skip("AMAZING_REAL_DATA is not set; it names the folder of real event files")
    return Path(folder)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake", 4, LocalEngine())
