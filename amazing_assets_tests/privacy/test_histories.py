"""Customers in a history that a library keeps in a real PostgreSQL."""

import json

import pytest

from amazing_assets.privacy.histories import History, HistoryError, is_on_server
from amazing_assets.privacy.people import People
from amazing_assets_tests.builders import KEY

PEOPLE = People((987654321,), KEY, KEY, frozenset({"planted-visit-0001"}))
(PSEUDONYM,) = PEOPLE.pseudonyms


@pytest.fixture
def history(database):
    """Two events, one of which names a customer twice, beside the tables of a warehouse."""
    told = json.dumps({"customer": PSEUDONYM, "visit": "planted-visit-0001"})
    for statement in (
        "create table events (id serial, event text, tags jsonb, at timestamp default now())",
        f"insert into events (event, tags) values ('{told}', '{told}'), ('nothing', null)",
        "create schema amazing",
        "create table amazing.scores (user_id bigint, model text)",
        f"insert into amazing.scores values ({PSEUDONYM}, '{PSEUDONYM}')",
    ):
        database.execute(statement)
    return History("Dagster", f"postgresql+psycopg2://{database.place}")


def test_texts_are_masked_and_keep_their_form(history, database):
    before = database.execute("select pg_relation_filenode('events')")
    assert history.count(PEOPLE) == 4
    assert history.take_out(PEOPLE) == 4
    assert history.count(PEOPLE) == history.take_out(PEOPLE) == 0
    masked = {"customer": 0, "visit": "***"}
    assert database.execute("select event, tags from events order by id") == [
        (json.dumps(masked), masked),
        ("nothing", None),
    ]
    # What was written over lies in the file of the table until that is written anew.
    assert database.execute("select pg_relation_filenode('events')") != before


def test_the_tables_of_a_warehouse_beside_it_are_left_to_the_warehouse(history, database):
    history.take_out(PEOPLE)
    assert database.execute("select model from amazing.scores") == [(str(PSEUDONYM),)]


def test_a_database_that_does_not_answer_is_one_sentence_without_its_address(history):
    gone = History("MLflow", f"{history.address}_gone")
    with pytest.raises(HistoryError, match=r"^The database of MLflow cannot be searched \(Op"):
        gone.count(PEOPLE)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("postgresql://host/mlflow", True),
        ("postgresql+psycopg2://host/mlflow", True),
        ("sqlite:////home/mlflow.db", False),
        ("https://mlflow.example.com", False),
    ],
)
def test_postgresql_is_told_from_files_and_servers_of_others(address, is_one):
    assert is_on_server(address) == is_one
