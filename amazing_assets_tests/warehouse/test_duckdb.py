import struct
import time
from datetime import date

import duckdb
import polars as pl
import pytest

from amazing_assets.cadence import WEEKLY
from amazing_assets.warehouse.duckdb import DuckDBWarehouse, connect
from amazing_assets.warehouse.waiting import Waiting, is_due
from amazing_assets.warehouse.warehouse import WarehouseError, read_month
from amazing_assets_tests.disks import make_read_only, small_disk
from amazing_assets_tests.warehouse.sessions import held_open

OCTOBER, NOVEMBER, DECEMBER = date(2019, 10, 1), date(2019, 11, 1), date(2019, 12, 1)


@pytest.fixture
def warehouse(tmp_path):
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema amazing")
        connection.execute(
            "create table amazing.figures as from (values "
            "(date '2019-10-01', 1), (date '2019-11-01', 2), (date '2019-12-01', 3)) t(month, n)"
        )
        connection.execute(
            "create table amazing.visits as from (values "
            "(date '2019-10-01', 1), (date '2019-10-08', 2)) t(week, n)"
        )
        connection.execute("create table amazing.empty as from amazing.figures limit 0")
    return DuckDBWarehouse(file, patience=0.5)


def numbers(rows):
    return sorted(rows["n"])


def test_tables_and_their_months_are_read(warehouse):
    assert numbers(warehouse.read_table("figures")) == [1, 2, 3]
    assert numbers(warehouse.read_partitions("figures", NOVEMBER, DECEMBER)) == [2, 3]
    assert numbers(read_month(warehouse, "figures", NOVEMBER)) == [2]
    assert warehouse.latest("figures") == DECEMBER


def test_weeks_are_read_as_months_are(warehouse):
    week = date(2019, 10, 8)
    assert numbers(warehouse.read_partitions("visits", week, week, WEEKLY)) == [2]
    assert warehouse.latest("visits", WEEKLY) == week


@pytest.mark.parametrize("table", ["empty", "unknown"])
def test_what_the_warehouse_lacks_is_none(warehouse, table):
    assert warehouse.read_table(table) is None
    assert read_month(warehouse, table, OCTOBER) is None
    assert warehouse.latest(table) is None


def test_a_warehouse_that_nobody_has_written_yet_is_not_made_by_reading(tmp_path):
    file = tmp_path / "warehouse.duckdb"
    assert DuckDBWarehouse(file).read_table("figures") is None
    assert not file.exists()


def test_a_reader_beside_a_writer_that_does_not_end_is_told_in_one_sentence(warehouse):
    begun = time.monotonic()
    with held_open(warehouse.file) as process, pytest.raises(WarehouseError) as refused:
        warehouse.read_table("figures")
    assert time.monotonic() - begun >= warehouse.patience
    assert str(refused.value) == (
        f"The warehouse {warehouse.file} is held by process {process} (python), which has not "
        f"let go of it in 0.5 seconds; wait until that run is over, or close the program that has "
        f"the file open, and try again; to look at tables beside runs, open "
        f"warehouse_copy.duckdb beside it."
    )


def test_a_reader_waits_for_a_writer_that_ends(warehouse):
    patient = DuckDBWarehouse(warehouse.file, patience=30)
    with held_open(warehouse.file, seconds=1), pytest.raises(WarehouseError):
        DuckDBWarehouse(warehouse.file, patience=0).read_table("figures")
    with held_open(warehouse.file, seconds=1):
        assert patient.read_table("figures").schema == {"month": pl.Date, "n": pl.Int32}


def test_who_waits_is_told_after_five_seconds_who_holds_the_file(warehouse):
    told = []
    with held_open(warehouse.file) as process, pytest.raises(WarehouseError):
        DuckDBWarehouse(warehouse.file, patience=6, tell=told.append).read_table("figures")
    (sentence,) = told
    assert sentence == (
        f"Waiting for the warehouse {warehouse.file}, which is held by process {process} (python); "
        f"close that program to go on at once, or the wait ends in 1 second."
    )


def test_a_wait_is_told_after_five_seconds_and_then_every_minute():
    told = 0
    for second in range(200):
        told += is_due(second, told)
    assert told == 4


def test_a_path_and_a_program_are_quoted_and_do_nothing_to_a_terminal(tmp_path):
    file = tmp_path / "ware\x1b[2J\nhouse.duckdb"
    with held_open(file) as process, pytest.raises(WarehouseError) as refused:
        DuckDBWarehouse(file, patience=1).read_table("figures")
    assert str(refused.value).startswith(
        rf"The warehouse {tmp_path}/ware\x1b[2J\nhouse.duckdb is held by process {process} "
        rf"(python), which has not let go of it in 1 second; wait until"
    )


def test_who_wants_to_write_beside_an_open_reader_is_told_who_it_is(warehouse):
    with held_open(warehouse.file, read_only=True) as process:
        assert numbers(warehouse.read_table("figures")) == [1, 2, 3]
        with pytest.raises(WarehouseError) as refused:
            connect(warehouse.file, Waiting(patience=0.2))
    assert f"is held by process {process} (python), which has not let go" in str(refused.value)
    connect(warehouse.file, Waiting(patience=0.2)).close()


def test_a_warehouse_on_a_disk_that_takes_nothing_is_read_and_not_written(tmp_path):
    with small_disk(tmp_path, 5) as disk:
        file = disk / "warehouse.duckdb"
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema amazing; create table amazing.figures as select 1 n")
        make_read_only(disk)
        assert numbers(DuckDBWarehouse(file).read_table("figures")) == [1]
        with pytest.raises(WarehouseError) as refused:
            connect(file, Waiting())
    assert str(refused.value) == (
        f"The warehouse {file} cannot be opened; see that you may read and write it and its "
        f"folder, and that the disk is not full."
    )


def of_a_newer_version(file):
    duckdb.connect(str(file)).close()
    content = bytearray(file.read_bytes())
    content[12:20] = (9999).to_bytes(8, "little")
    # DuckDB looks first whether the sum of the header is right.
    content[0:8] = header_sum(content[8:4096]).to_bytes(8, "little")
    file.write_bytes(content)


def header_sum(header):
    """The sum that DuckDB writes before a header, of its numbers of eight bytes each."""
    found = 5381
    for (number,) in struct.iter_unpack("<Q", header):
        found ^= number * 0xBF58476D1CE4E5B9 % 2**64
    return found


def no_database(file):
    file.write_text("no database" * 1000)


def damaged(file):
    duckdb.connect(str(file)).close()
    content = bytearray(file.read_bytes())
    content[12:20] = (9999).to_bytes(8, "little")
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (no_database, "is no DuckDB database; move it away"),
        (damaged, "is damaged; restore it"),
        (of_a_newer_version, f"was written by another version of DuckDB than {duckdb.__version__}"),
        (lambda file: file.mkdir(), "is a folder, not a DuckDB file; move it away"),
    ],
    ids=["no database", "damaged", "a newer version", "a folder"],
)
def test_a_file_that_is_no_warehouse_is_not_waited_for(tmp_path, make, sentence):
    file = tmp_path / "warehouse.duckdb"
    make(file)
    with pytest.raises(WarehouseError) as refused:
        DuckDBWarehouse(file, patience=3600).read_table("figures")
    assert str(refused.value).startswith(f"The warehouse {file} {sentence}")
