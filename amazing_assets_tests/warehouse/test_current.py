from datetime import date

import duckdb
import pandera.polars as pa
import pytest

from amazing_assets.lake.contract import Table
from amazing_assets.warehouse.current import CurrentTables
from amazing_assets.warehouse.duckdb import DuckDBWarehouse

OCTOBER = date(2019, 10, 1)


class Figures(Table):
    month: date
    number: int = pa.Field()


@pytest.fixture
def tables(tmp_path):
    """A warehouse with a table of today and one that an earlier version wrote."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema amazing")
        for table, column in (("figures", "number"), ("old", "users"), ("free", "any")):
            connection.execute(
                f"create table amazing.{table} as select date '2019-10-01' as month, 1 as {column}"
            )
    contracts = {"figures": Figures, "old": Figures}
    return CurrentTables(DuckDBWarehouse(tmp_path / "warehouse.duckdb"), contracts)


def test_a_table_that_keeps_its_contract_is_read(tables):
    assert tables.read_table("figures")["number"].to_list() == [1]
    assert tables.read_partitions("figures", OCTOBER, OCTOBER).height == 1
    assert tables.latest("figures") == OCTOBER
    assert tables.other_columns("figures") == []


def test_a_table_with_the_columns_of_an_earlier_version_is_as_good_as_none(tables):
    assert tables.read_table("old") is None
    assert tables.read_partitions("old", OCTOBER, OCTOBER) is None
    assert tables.latest("old") is None
    assert tables.other_columns("old") == ["number", "users"]


def test_a_table_of_which_nothing_is_promised_is_read_as_it_is(tables):
    assert tables.read_table("free").columns == ["month", "any"]
    assert tables.read_table("never made") is None
    assert tables.latest("never made") is None
    assert tables.other_columns("never made") == []
