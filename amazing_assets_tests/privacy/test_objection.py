"""A customer objects: nothing is made of what happened any more, and what happened stays."""

import pytest

from amazing_assets.lake.left_out import objectors
from amazing_assets.privacy.ledger import Kind, Ledger, State
from amazing_assets.privacy.objection import object_to_profiles, withdraw
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.privacy.homes import built, key_of, stores_of, table
from amazing_assets_tests.privacy.planted import IDS


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return built(tmp_path_factory.mktemp("built") / "home")


def test_no_profile_is_left_and_what_happened_stays(home):
    who = pseudonym_of(IDS[0], key_of(home))
    before = table(home, "clean_events")
    done = object_to_profiles(stores_of(home), IDS[:1], key_of(home))
    assert done.rows["user_features"] == done.rows["churn_scores"] == 1
    assert who not in table(home, "user_features")["user_id"]
    assert table(home, "clean_events").equals(before)
    assert who in before["user_id"]
    assert objectors(stores_of(home).lake.root).to_list() == [who]
    assert [each.state for each in Ledger.of(home).entries(Kind.OBJECTION)] == [
        State.ASKED,
        State.DONE,
    ]
    withdraw(stores_of(home), IDS[:1], key_of(home))
    assert objectors(stores_of(home).lake.root).is_empty()
