import pytest

from amazing_assets.delivery.lists.contacts import (
    beside_others,
    contact_list,
    told_reasons,
    worth,
)
from amazing_assets.language.language import ENGLISH
from amazing_assets_tests.delivery.lists.scored import scores, values


def test_the_customer_with_most_at_stake_comes_first():
    asked = scores(
        {"user_id": 1, "probability": 0.9},
        {"user_id": 2, "probability": 0.2},
        {"user_id": 3, "probability": 0.8},
        {"user_id": 4, "probability": 0.7},
    )
    worths = values({"user_id": 1, "expected_revenue": 10}, {"user_id": 2, "expected_revenue": 100})
    listed = contact_list(asked, worths, budget=10)
    assert listed["user_id"].to_list() == [2, 1, 3, 4]
    assert listed["rank"].to_list() == [1, 2, 3, 4]
    assert listed["value_at_risk"].to_list() == pytest.approx([20, 9, 0, 0])


def test_of_whom_it_is_hardly_likely_is_on_no_list_however_much_is_at_stake():
    asked = scores({"user_id": 1, "probability": 0.02, "band": "low"}, {"user_id": 2})
    worths = values({"user_id": 1, "expected_revenue": 100_000})
    assert contact_list(asked, worths, budget=10)["user_id"].to_list() == [2]


def test_the_budget_is_of_those_who_may_be_contacted_and_the_held_out_between_them_are_marked():
    asked = scores(
        *(
            {"user_id": n, "probability": 1 - n / 10, "is_holdout": n in {1, 3, 5}}
            for n in range(1, 8)
        )
    )
    listed = contact_list(asked, values(), budget=2)
    assert listed.select("user_id", "is_holdout").rows() == [
        (1, True),
        (2, False),
        (3, True),
        (4, False),
    ]
    told = worth(listed)
    assert (told["to contact"], told["held out"]) == (2, 2)


def test_reasons_are_told_in_words_beside_their_codes():
    listed = contact_list(scores({"reason_2": "away_low"}), values({}), budget=1)
    told = told_reasons(listed, ENGLISH)
    assert told["reason_1"].to_list() == ["away_high"]
    assert told["why_en"].item().startswith(ENGLISH.say("reason.away_high"))


def test_whom_two_lists_name_is_marked_in_both():
    listed = {
        "pause": contact_list(scores({"user_id": 1}, {"user_id": 2}), values(), budget=9),
        "cancel": contact_list(scores({"user_id": 2, "task": "cancel"}), values(), budget=9),
    }
    told = beside_others(listed)
    assert told["pause"].sort("user_id")["also_on"].to_list() == [None, "cancel"]
    assert told["cancel"]["also_on"].to_list() == ["pause"]
