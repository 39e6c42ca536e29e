from datetime import date

import dagster as dg
import duckdb
import polars as pl
import pytest

from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets_tests.defs.homes import materialize

OCTOBER, NOVEMBER = date(2019, 10, 1), date(2019, 11, 1)


@pytest.fixture
def write(tmp_path):
    """Materialize a frame as a month of the table `figures`."""
    manager = WarehouseIOManager(database=str(tmp_path / "warehouse.duckdb"), schema="amazing")

    def write_month(frame, month="2019-10"):
        @dg.asset(
            name="figures",
            partitions_def=MONTHS,
            io_manager_key="warehouse",
            metadata={"partition_expr": "month"},
        )
        def figures() -> pl.DataFrame:
            return frame

        return materialize([figures], month, {"warehouse": manager}).success

    return write_month


@pytest.fixture
def rows(tmp_path):
    def read():
        with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(
                "select month, name, number from amazing.figures order by all"
            ).fetchall()

    return read


def figures(month, *numbers):
    return pl.DataFrame({"month": month, "name": [f"n{n}" for n in numbers], "number": numbers})


def test_a_month_is_replaced_and_others_stay(write, rows):
    assert write(figures(OCTOBER, 1, 2))
    assert write(figures(NOVEMBER, 3), "2019-11")
    assert write(figures(OCTOBER, 4))
    assert rows() == [(OCTOBER, "n4", 4), (NOVEMBER, "n3", 3)]


def test_columns_are_matched_by_name(write, rows):
    assert write(figures(OCTOBER, 1))
    assert write(figures(NOVEMBER, 2).select("number", "name", "month"), "2019-11")
    assert rows() == [(OCTOBER, "n1", 1), (NOVEMBER, "n2", 2)]


@pytest.mark.parametrize(
    "bad",
    [
        figures(OCTOBER, 9).with_columns(extra=1),
        figures(OCTOBER, 9).drop("number"),
        figures(OCTOBER, 9).with_columns(number=pl.lit("not a number")),
    ],
    ids=["another column", "a column less", "a wrong type"],
)
def test_a_frame_that_does_not_fit_leaves_the_month_as_it_was(write, rows, bad):
    assert write(figures(OCTOBER, 1))
    assert not write(bad)
    assert rows() == [(OCTOBER, "n1", 1)]
