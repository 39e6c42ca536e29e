import gzip
import sqlite3
from contextlib import closing

import polars as pl
import pytest

from amazing_assets.privacy import databases, files
from amazing_assets.privacy.people import People
from amazing_assets_tests.builders import KEY

VISITS = ("planted-visit-0001",)
PEOPLE = People((987654321,), KEY, KEY, frozenset({*VISITS, "visit with blanks"}))
(PSEUDONYM,) = PEOPLE.pseudonyms


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("known_by", [PSEUDONYM, 987654321])
def test_a_list_loses_their_rows_and_keeps_all_others(tmp_path, form, known_by):
    file = tmp_path / f"list.{form}"
    rows = pl.DataFrame({"rank": [1, 2], "user_id": [known_by, 7]})
    rows.write_csv(file) if form == "csv" else rows.write_parquet(file)
    assert files.take_out(file, PEOPLE) == 1
    kept = pl.read_csv(file) if form == "csv" else pl.read_parquet(file)
    assert kept.rows() == [(2, 7)]
    assert files.count(file, PEOPLE) == 0


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_list_of_visits_loses_theirs(tmp_path, form):
    """As a packaged classifier has one, of visits that too many customers used."""
    file = tmp_path / f"crowded_sessions.{form}"
    rows = pl.DataFrame({"month": ["2019-10", "2019-10"], "user_session": ["of others", *VISITS]})
    rows.write_csv(file) if form == "csv" else rows.write_parquet(file)
    assert files.take_out(file, PEOPLE) == 1
    kept = pl.read_csv(file) if form == "csv" else pl.read_parquet(file)
    assert kept.rows() == [("2019-10", "of others")]
    assert files.count(file, PEOPLE) == 0


def test_a_log_keeps_its_form_and_names_nobody(tmp_path):
    file = tmp_path / "run.log"
    said = f'{{"user_id": {PSEUDONYM}, "visit": "planted-visit-0001"}} visit with blanks é 7'
    file.write_text(f"{said}, asked as 987654321.")
    assert files.take_out(file, PEOPLE) == 4
    assert file.read_text() == '{"user_id": 0, "visit": "***"} *** é 7, asked as 0.'
    assert files.count(file, PEOPLE) == 0


@pytest.mark.parametrize("figure", ["0.987654321", "987654321.5", "9876543210"])
def test_a_figure_with_the_digits_of_an_id_is_left_as_it_is(tmp_path, figure):
    (tmp_path / "figures.json").write_text(f"[{figure}]")
    assert files.take_out(tmp_path / "figures.json", PEOPLE) == 0
    assert (tmp_path / "figures.json").read_text() == f"[{figure}]"


def test_a_packed_text_is_opened(tmp_path):
    file = tmp_path / "run.log.gz"
    file.write_bytes(gzip.compress(f"customer {PSEUDONYM}".encode()))
    assert files.take_out(file, PEOPLE) == 1
    assert gzip.decompress(file.read_bytes()) == b"customer 0"


def test_a_number_within_a_longer_one_is_somebody_else_s(tmp_path):
    file = tmp_path / "run.log"
    file.write_text(f"1{PSEUDONYM} {PSEUDONYM}1"[-60:])
    before = file.read_bytes()
    assert files.take_out(file, PEOPLE) == 0
    assert file.read_bytes() == before


def test_bytes_that_are_no_text_are_told_and_not_broken(tmp_path):
    file = tmp_path / "model.bin"
    file.write_bytes(b"\0" + str(PSEUDONYM).encode())
    assert files.take_out(file, PEOPLE) == 1
    assert files.count(file, PEOPLE) == 1


def test_a_database_names_nobody_in_any_byte(tmp_path):
    file = tmp_path / "history.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("pragma journal_mode = wal")
        made.execute("create table events (id integer primary key, event text)")
        said = f'{{"user_id": {PSEUDONYM}, "visit": "planted-visit-0001"}}'
        made.executemany("insert into events (event) values (?)", [(said,), ("another",)])
        made.commit()
    assert databases.is_one(file)
    assert files.take_out(file, PEOPLE) == 2
    with closing(sqlite3.connect(file)) as read:
        assert read.execute("select event from events").fetchall() == [
            ('{"user_id": 0, "visit": "***"}',),
            ("another",),
        ]
    held = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert str(PSEUDONYM).encode() not in held
    assert b"planted-visit" not in held


def test_lists_in_a_bucket_lose_their_rows(bucket):
    client, place = bucket.server.client, f"{bucket.root}/lists"
    rows = pl.DataFrame({"user_id": [PSEUDONYM, 7]}).write_csv().encode()
    client.put_object(**bucket.object("lists/week/pause.csv"), Body=rows)
    assert files.take_out_of_bucket(place, PEOPLE) == 1
    assert files.count_in_bucket(place, PEOPLE) == 0
    body = client.get_object(**bucket.object("lists/week/pause.csv"))["Body"].read()
    assert body == b"user_id\n7\n"
