"""Customers in a real PostgreSQL: taken out, counted, told."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from amazing_assets.lake.contract import Table
from amazing_assets.places import Server
from amazing_assets.privacy import warehouse
from amazing_assets.privacy.people import People
from amazing_assets.privacy.server import ServerTables
from amazing_assets.warehouse.loading import ByConnection
from amazing_assets.warehouse.publication import ServerWriter
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets.warehouse.warehouse import Replacement
from amazing_assets_tests.privacy.planted import holds, numbers_as_bytes

OCTOBER = date(2019, 10, 1)


class Anything(Table):
    """What was written: a table of tests."""


@pytest.fixture
def place(database):
    """Two tables with customers 1 to 5, by pseudonym, and one without any; views of both kinds."""
    server = Server(database.address)
    writer = ServerWriter(server, None, ByConnection(), pauses=())
    known = People((1, 2, 3, 4, 5), "the key", "another key").pseudonyms
    rows = pl.DataFrame({"month": OCTOBER, "user_id": known, "score": [1.0, 2.0, 3.0, 4.0, 5.0]})
    for table in ("scores", "values"):
        writer.write(Replacement(table, rows, "one", "2019-10", Anything))
    writer.write(Replacement("totals", rows.drop("user_id").head(1), "one", "2019-10", Anything))
    database.execute('create view amazing.newest as select * from amazing."values"')
    return ServerTables(server, None)


def people(*ids):
    return People(ids, "the key", "another key")


def test_they_are_counted_taken_out_of_every_table_and_nobody_else_is(place):
    assert warehouse.count(place, people(2, 4)) == {"scores": 2, "values": 2}
    assert warehouse.take_out(place, people(2, 4)) == {"scores": 2, "values": 2}
    assert warehouse.count(place, people(2, 4)) == {}
    assert warehouse.take_out(place, people(2, 4)) == {}
    left = ServerWarehouse(place.server, None)
    others = sorted(people(1, 3, 5).pseudonyms)
    kept = {
        table: left.read_table(table)["user_id"].sort().to_list() for table in ("scores", "values")
    }
    assert kept == {"scores": others, "values": others}
    assert left.read_table("totals").height == 1


def test_their_rows_leave_the_files_of_the_tables_as_well(place, database):
    """A deleted row lies in its table's file until that is written anew."""
    before = database.execute("select pg_relation_filenode('amazing.scores')")
    warehouse.take_out(place, people(1))
    assert database.execute("select pg_relation_filenode('amazing.scores')") != before


def test_no_byte_on_the_disk_of_the_server_names_them(place, database):
    """Nor the rows of a month that was made again, nor what the server plans by."""
    database.execute(f"create table amazing.earlier as select {numbers(2)[0]}::bigint as user_id")
    database.execute("delete from amazing.earlier")
    database.execute("analyze")
    assert are_on_disk(database, numbers(2, 4))
    warehouse.take_out(place, people(2, 4))
    assert not are_on_disk(database, numbers(2, 4))
    assert are_on_disk(database, numbers(1))


def numbers(*ids):
    return people(*ids).pseudonyms.to_list()


def are_on_disk(database, sought):
    """Whether any of some numbers is in the files of a database, once all is written."""
    database.execute("checkpoint")
    ((folder, number),) = database.execute(
        "select current_setting('data_directory'), oid from pg_database "
        "where datname = current_database()"
    )
    files = Path(folder, "base", str(number)).iterdir()
    return any(holds(file.read_bytes(), numbers_as_bytes(sought)) for file in files)


def test_what_is_held_on_a_customer_is_told_by_table(place):
    (pseudonym,) = people(3).pseudonyms
    found = warehouse.rows_of(place, pseudonym)
    assert {table: rows["score"].to_list() for table, rows in found.items()} == {
        "scores": [3.0],
        "values": [3.0],
    }
    (unknown,) = people(77).pseudonyms
    assert warehouse.rows_of(place, unknown) == {}


def test_customers_are_called_otherwise_and_the_unknown_go(place):
    old, new = people(1, 2, 3).pseudonyms, pl.Series([11, 12, 13])
    pairs = pl.DataFrame({"old": old, "new": new})
    assert warehouse.customers(place).sort().equals(people(1, 2, 3, 4, 5).pseudonyms.sort())
    warehouse.rename(place, pairs)
    warehouse.rename(place, pairs)
    assert warehouse.customers(place).to_list() == [11, 12, 13]
    assert warehouse.rows_of(place, 12)["scores"]["score"].to_list() == [2.0]


def test_months_are_counted_and_removed(place):
    assert place.partitions() == [
        ("scores", "month", OCTOBER, 5),
        ("values", "month", OCTOBER, 5),
    ]
    place.remove([("scores", "month", OCTOBER)])
    assert place.partitions() == [("values", "month", OCTOBER, 5)]
