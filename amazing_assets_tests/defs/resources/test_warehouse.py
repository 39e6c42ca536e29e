from datetime import date

import dagster as dg
import duckdb
import polars as pl
import pytest

from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets_tests.defs.homes import failure, materialize
from amazing_assets_tests.warehouse.sessions import held_open

OCTOBER, NOVEMBER = date(2019, 10, 1), date(2019, 11, 1)


@pytest.fixture
def write(tmp_path):
    """Materialize a frame as a month of the table `figures`."""

    def write_month(frame, month="2019-10", patience=60.0):
        manager = WarehouseIOManager(
            database=str(tmp_path / "warehouse.duckdb"), schema="amazing", patience=patience
        )

        @dg.asset(
            name="figures",
            partitions_def=MONTHS,
            io_manager_key="warehouse",
            metadata={"partition_expr": "month"},
        )
        def figures() -> pl.DataFrame:
            return frame

        return materialize([figures], month, {"warehouse": manager})

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
    assert write(figures(OCTOBER, 1, 2)).success
    assert write(figures(NOVEMBER, 3), "2019-11").success
    assert write(figures(OCTOBER, 4)).success
    assert rows() == [(OCTOBER, "n4", 4), (NOVEMBER, "n3", 3)]


def test_columns_are_matched_by_name(write, rows):
    assert write(figures(OCTOBER, 1)).success
    assert write(figures(NOVEMBER, 2).select("number", "name", "month"), "2019-11").success
    assert rows() == [(OCTOBER, "n1", 1), (NOVEMBER, "n2", 2)]


def test_a_frame_that_does_not_fit_leaves_the_month_as_it_was(write, rows):
    assert write(figures(OCTOBER, 1)).success
    assert not write(figures(OCTOBER, 9).with_columns(number=pl.lit("not a number"))).success
    assert rows() == [(OCTOBER, "n1", 1)]


def named(folder, table):
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.table(f"amazing.{table}").order("month").fetchall()


@pytest.mark.parametrize("change", [{"extra": pl.lit(1)}, {}], ids=["a column more", "and less"])
def test_a_table_of_an_earlier_version_is_set_aside_and_nothing_of_it_is_lost(
    tmp_path, write, rows, change
):
    before = figures(OCTOBER, 1).with_columns(**change).rename({} if change else {"name": "nom"})
    assert write(before).success
    assert write(figures(NOVEMBER, 2), "2019-11").success
    assert rows() == [(NOVEMBER, "n2", 2)]
    assert named(tmp_path, "figures_earlier") == before.rows()
    # And again, with the next version.
    assert write(before.with_columns(month=NOVEMBER), "2019-10").success
    assert named(tmp_path, "figures_earlier_2") == [(NOVEMBER, "n2", 2)]


def test_a_table_of_an_earlier_version_of_which_nothing_is_left_is_replaced(tmp_path, write, rows):
    assert write(figures(OCTOBER, 1).with_columns(extra=1)).success
    assert write(figures(OCTOBER, 2)).success
    assert rows() == [(OCTOBER, "n2", 2)]
    with pytest.raises(duckdb.CatalogException):
        named(tmp_path, "figures_earlier")


def test_a_writer_waits_for_another_process_that_ends(tmp_path, write, rows):
    with held_open(tmp_path / "warehouse.duckdb", seconds=2):
        assert write(figures(OCTOBER, 1)).success
    assert rows() == [(OCTOBER, "n1", 1)]


def test_a_writer_beside_a_process_that_does_not_end_fails_with_one_sentence(tmp_path, write, rows):
    assert write(figures(OCTOBER, 1)).success
    with held_open(tmp_path / "warehouse.duckdb") as process:
        run = write(figures(OCTOBER, 9), patience=0.5)
    assert failure(run) == (
        f"The warehouse {tmp_path}/warehouse.duckdb is held by process {process} (python), "
        f"which has not let go of it in 0.5 seconds; wait until that run is over, or close the "
        f"program that has the file open, and try again; to look at tables beside runs, open "
        f"warehouse_copy.duckdb beside it."
    )
    assert rows() == [(OCTOBER, "n1", 1)]
