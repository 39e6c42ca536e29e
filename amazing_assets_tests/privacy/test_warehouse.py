import struct

import duckdb
import pytest

from amazing_assets.privacy import warehouse
from amazing_assets.privacy.people import People
from amazing_assets_tests.builders import KEY

PEOPLE = People((987654321,), KEY, KEY)
(PSEUDONYM,) = PEOPLE.pseudonyms


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(made)) as connection:
        connection.execute("create schema amazing")
        connection.execute("create table amazing.scores (user_id bigint, chance double)")
        connection.execute("comment on table amazing.scores is 'what may happen'")
        connection.execute("insert into amazing.scores values (?, .5), (7, .25)", [PSEUDONYM])
        connection.execute("create table amazing.counts as select 3 as customers")
        connection.execute("create view amazing.known as select user_id from amazing.scores")
    return made


def test_their_rows_are_in_no_table_and_in_no_byte(file):
    assert struct.pack("<q", PSEUDONYM) in file.read_bytes()
    assert warehouse.take_out(file, PEOPLE) == {"scores": 1}
    assert warehouse.count(file, PEOPLE) == {}
    assert struct.pack("<q", PSEUDONYM) not in file.read_bytes()
    with duckdb.connect(str(file)) as connection:
        assert connection.execute("from amazing.known").fetchall() == [(7,)]
        assert connection.execute("from amazing.counts").fetchall() == [(3,)]
        (said,) = connection.execute(
            "select comment from duckdb_tables() where table_name = 'scores'"
        ).fetchone()
    assert said == "what may happen"
    assert sorted(each.name for each in file.parent.iterdir()) == [file.name]


def test_a_warehouse_that_knows_nobody_of_them_is_not_written(file):
    warehouse.take_out(file, PEOPLE)
    before = file.stat().st_ino
    assert warehouse.take_out(file, PEOPLE) == {}
    assert file.stat().st_ino == before


def test_killed_behind_the_deletion_the_next_pass_wipes_what_it_left(file):
    with duckdb.connect(str(file)) as connection:
        connection.execute("delete from amazing.scores where user_id = ?", [PSEUDONYM])
    file.with_name(f".{file.name}.to_copy").touch()
    assert warehouse.take_out(file, PEOPLE) == {}
    assert struct.pack("<q", PSEUDONYM) not in file.read_bytes()


def test_where_there_is_no_warehouse_nothing_is_made(tmp_path):
    assert warehouse.take_out(tmp_path / "none.duckdb", PEOPLE) == {}
    assert not list(tmp_path.iterdir())
