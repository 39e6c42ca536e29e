"""Who objects stays a customer of whom no profile is made."""

import duckdb
import polars as pl
import pytest

from amazing_assets.defs.assets import customers
from amazing_assets.defs.assets.next_actions.sequences import action_sequences
from amazing_assets.defs.resources.stores import LakeResource
from amazing_assets.privacy.ledger import Kind, Ledger
from amazing_assets.privacy.objection import object_to_profiles, withdraw
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.defs.homes import SHARDS, materialize
from amazing_assets_tests.privacy.homes import MONTH, built, copy_of, key_of, stores_of, table
from amazing_assets_tests.privacy.planted import IDS

FACTS = ("raw_events", "clean_events", "sessions", "user_products", "contacts")
PROFILES = ("user_features", "action_sequences")


@pytest.fixture(scope="module")
def objected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("objected")
    home = copy_of(built(folder / "built"), folder / "home")
    return home, object_to_profiles(stores_of(home), IDS[:1], key_of(home))


def knows(home, name):
    them = [pseudonym_of(each, key_of(home)) for each in IDS[:2]]
    known = set(table(home, name)["user_id"])
    return [each in known for each in them]


def make_again(home):
    resources = {"lake": LakeResource(root=str(home / "lake"), shards=SHARDS)}
    assert materialize([customers.user_features, action_sequences], MONTH, resources).success


def test_profiles_go_at_once_and_what_happened_stays(objected):
    home, done = objected
    assert {name: knows(home, name) for name in FACTS} == {each: [True, True] for each in FACTS}
    assert {name: knows(home, name) for name in PROFILES} == {
        each: [False, True] for each in PROFILES
    }
    assert done.rows == {"action_sequences": 1, "user_features": 1, "churn_scores": 1}
    with duckdb.connect(str(home / "warehouse.duckdb")) as warehouse:
        scored = warehouse.execute("select user_id from amazing.churn_scores").pl()["user_id"]
    assert pseudonym_of(IDS[0], key_of(home)) not in scored
    listed = pl.read_csv(home / "reports" / "contact_lists" / "2019-10-22" / "pause.csv")
    assert pseudonym_of(IDS[0], key_of(home)) not in listed["user_id"]
    assert done.lists == 2


def test_profiles_leave_the_customer_out_until_it_is_taken_back(objected):
    home, _ = objected
    make_again(home)
    assert {name: knows(home, name) for name in PROFILES} == {
        each: [False, True] for each in PROFILES
    }
    assert withdraw(stores_of(home), IDS[:1], key_of(home)) == 1
    make_again(home)
    assert {name: knows(home, name) for name in PROFILES} == {
        each: [True, True] for each in PROFILES
    }
    said = [each.state for each in Ledger.of(home).entries(Kind.OBJECTION)]
    assert said == ["asked", "done", "withdrawn"]
