"""What is exported of a customer is all of it, and of nobody else."""

import json

import duckdb
import polars as pl
import pytest

from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.lake.left_out import add_objectors
from amazing_assets.language.language import ENGLISH, FRENCH
from amazing_assets.privacy.decisions import decisions
from amazing_assets.privacy.erasure import ask, erase
from amazing_assets.privacy.holdings import Catalogue, holdings
from amazing_assets.privacy.page import to_page
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.privacy.homes import MONTH, built, copy_of, key_of, stores_of
from amazing_assets_tests.privacy.planted import IDS, OTHERS

USER = IDS[0]
CATALOGUE = Catalogue({**LAKE, **WAREHOUSE}, {"raw_events": ["landing_zone"]})
ASSIGNED = {
    "month": "2019-10-01",
    "segment": 2,
    "segment_name": "beavers",
    "name_status": "settled",
    "name_traits": None,
    "reason": None,
    "margin": 0.9,
    "model_version": "3",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = built(tmp_path_factory.mktemp("held") / "home")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as warehouse:
        rows = pl.DataFrame(
            [{**ASSIGNED, "user_id": pseudonym_of(each, key_of(folder))} for each in IDS]
        ).with_columns(pl.col("month").str.to_date(), pl.col("name_traits").cast(pl.String))
        warehouse.register("rows", rows.to_arrow())
        warehouse.execute("create table amazing.segment_assignments as select * from rows")
    return folder


def held_on(home, user=USER):
    return holdings(stores_of(home), user, key_of(home), CATALOGUE)


def test_every_landed_event_of_the_customer_is_listed(home):
    (item,) = [each for each in held_on(home).items if each.table == "raw_events"]
    landed = duckdb.sql(
        f"select event_time, event_type, product_id, user_session "
        f"from read_csv('{home}/landing/2019-Oct.csv', all_varchar = true) "
        f"where user_id = '{USER}' and price <> 'x' order by all"
    ).pl()
    listed = item.rows.select(
        pl.col("event_time").dt.strftime("%Y-%m-%d %H:%M:%S UTC"),
        pl.col("event_type").cast(pl.String),
        pl.col("product_id").cast(pl.String),
        "user_session",
    ).sort(pl.all())
    assert listed.rows() == landed.rows()
    assert listed.height == 6
    assert list(item.made_of) == ["landing_zone"]
    assert all(item.columns.values())


def test_nothing_of_anybody_else_is_in_it(home):
    held = held_on(home)
    told = json.dumps(held.as_json, default=str)
    page = to_page(held, decisions(held, None, FRENCH), FRENCH)
    others = [*IDS[1:], *OTHERS]
    strangers = {str(name) for each in others for name in (each, pseudonym_of(each, key_of(home)))}
    for text in (told, page):
        assert str(USER) in text
        assert not {name for name in strangers if name in text}
        assert "planted-987654322" not in text
    # The reader's language, as far as what columns are.
    assert "Le pseudonyme du client" not in told
    assert "Premier jour du mois" in page


def test_every_table_that_knows_the_customer_is_told(home):
    tables = {item.table for item in held_on(home).items if item.place != "files"}
    assert tables == {
        "raw_events",
        "clean_events",
        "sessions",
        "user_products",
        "user_features",
        "contacts",
        "action_sequences",
        "churn_scores",
        "segment_assignments",
    }
    lists = [item.table for item in held_on(home).items if item.place == "files"]
    assert [name.rsplit("/", 1)[1] for name in sorted(lists)] == ["pause.csv", "pause.parquet"]


RULES = pl.DataFrame(
    {
        "segment": [2, 2, 2],
        "rule_number": [1, 2, 2],
        "condition_number": [1, 1, 2],
        "feature": ["recency_days", "recency_days", "number_of_purchases_7m"],
        "above": [1_000.0, None, 2.0],
        "up_to": [None, 30.0, None],
        "model_version": ["3"] * 3,
    }
)


def test_a_segment_is_told_with_the_rule_that_the_customer_meets(home):
    decided, risk = decisions(held_on(home), RULES, ENGLISH)
    assert decided.said == "You are counted among Beavers; how clearly, from 0 to 100%: 90%."
    assert decided.why == (
        "recency_days is 5.00; it lies between any number and 30.0",
        "number_of_purchases_7m is 3.00; it lies between 2.00 and any number",
    )
    assert (decided.table, decided.partition) == ("segment_assignments", MONTH)
    assert risk.said == "pause: it was told with a probability of 50%."
    assert risk.why == ("Longer since the last visit than usual",)


def test_who_was_forgotten_and_who_objects_is_told_so(home, tmp_path):
    folder = copy_of(home, tmp_path / "home")
    stores, key = stores_of(folder), key_of(folder)
    add_objectors(stores.lake.root, [pseudonym_of(IDS[1], key)])
    assert held_on(folder, IDS[1]).objects
    ask(stores, [USER], key)
    erase(stores, key, lambda _done: {})
    held = held_on(folder)
    assert held.items == ()
    assert held.is_erased
    assert [each.state for each in held.requests] == ["asked", "done"]
    assert "Nothing is held on you." in to_page(held, [], ENGLISH)
