from datetime import date
from pathlib import Path

import polars as pl
import pytest

from amazing_assets.demo.calendar import month_range
from amazing_assets.demo.truth import Truth
from amazing_assets.demo.world import WorldSettings, generate

from . import reader


@pytest.fixture(scope="session")
def autumn(tmp_path_factory) -> Truth:
    """October to December 2019: outage, sale, missing day, new taxonomy."""
    months = month_range(date(2019, 10, 1), date(2019, 12, 1))
    return generate(folder(tmp_path_factory), WorldSettings(customers=2_000, months=months))


@pytest.fixture(scope="session")
def cosmetics(tmp_path_factory) -> Truth:
    months = month_range(date(2019, 10, 1), date(2019, 11, 1))
    settings = WorldSettings(customers=1_000, months=months, dialect="cosmetics", parts=2)
    return generate(folder(tmp_path_factory), settings)


@pytest.fixture(scope="session")
def autumn_events(autumn) -> pl.DataFrame:
    return reader.frame(autumn.files)


@pytest.fixture(scope="session")
def cosmetics_events(cosmetics) -> pl.DataFrame:
    return reader.frame(cosmetics.files)


def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("landing")
