"""The smoke test, on each kind of warehouse that can be had here."""

import pytest

from amazing_assets.places import Server
from amazing_assets.warehouse.duckdb import DuckDBWarehouse, connect
from amazing_assets.warehouse.duckdb_writer import DuckDBWriter
from amazing_assets.warehouse.loading import ByConnection
from amazing_assets.warehouse.publication import ServerWriter
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets.warehouse.trial import try_warehouse
from amazing_assets.warehouse.waiting import Waiting
from amazing_assets.warehouse.warehouse import WarehouseError


@pytest.fixture(params=["duckdb", "postgresql"])
def both(request, tmp_path):
    """Reader and writer of a warehouse in which nothing is yet."""
    if request.param == "duckdb":
        file = tmp_path / "warehouse.duckdb"
        return DuckDBWarehouse(file), DuckDBWriter(file, Waiting())
    server = Server(request.getfixturevalue("database").address)
    return ServerWarehouse(server, None), ServerWriter(server, None, ByConnection(), pauses=())


def test_a_warehouse_that_works_is_seen_to(both):
    seen = [(step.step, step.saw) for step in try_warehouse(*both)]
    assert seen == [
        ("write", "6 rows of 2019-10 written, read as written"),
        ("another month", "6 rows of 2019-11 written beside it, read as written"),
        ("replace", "2 rows of 2019-10 replaced, read as written"),
        ("repeat", "2 rows of 2019-10 as they were, read as written"),
        ("remove", "the table is gone"),
    ]


def test_nothing_is_left_of_a_trial(tmp_path):
    file = tmp_path / "warehouse.duckdb"
    list(try_warehouse(DuckDBWarehouse(file), DuckDBWriter(file, Waiting())))
    with connect(file, Waiting(), read_only=True) as connection:
        assert connection.execute("select table_name from duckdb_tables()").fetchall() == []


def test_a_warehouse_that_reads_other_rows_than_were_written_is_told(tmp_path):
    written, another = (tmp_path / f"{name}.duckdb" for name in ("written", "another"))
    steps = try_warehouse(DuckDBWarehouse(another), DuckDBWriter(written, Waiting()))
    with pytest.raises(WarehouseError, match="'write' of the trial read 0 rows that are not the 6"):
        list(steps)


def test_what_a_user_may_not_do_is_what_is_told(database):
    stranger = f"stranger_{database.name[:8]}"
    database.execute(f"create role {stranger} login")
    server = Server(database.address.replace("lab@", f"{stranger}@"))
    writer = ServerWriter(server, None, ByConnection(), pauses=())
    with pytest.raises(
        WarehouseError, match=r"does not take trial_.*: permission denied for datab"
    ):
        list(try_warehouse(ServerWarehouse(server, None), writer))
