import polars as pl
import pytest

from amazing_assets.events.contract import CleanEventType
from amazing_assets.next_actions.vocabulary import (
    ACTIONS,
    CATEGORY_OF,
    IS_PURCHASE,
    TOKENS,
    TYPE_OF,
    VOCABULARY,
    action_of_event,
)


def test_there_are_58_actions_and_they_are_frozen():
    assert len(ACTIONS) == len(set(ACTIONS)) == 58
    # Models that are stored answer in this order: who changes it must train anew.
    assert VOCABULARY == "90c0b775b96baf72"


@pytest.mark.parametrize(
    ("kind", "code", "action"),
    [
        ("view", "electronics.smartphone", "view_electronics"),
        ("cart", "kids", "cart_kids"),
        ("remove_from_cart", "country_yard.lawn_mower", "remove_from_cart_country_yard"),
        ("purchase", None, "purchase_unknown"),
        ("view", "toys.of.tomorrow", "view_unknown"),
    ],
)
def test_an_event_is_an_action_of_its_type_and_first_category(kind, code, action):
    frame = pl.DataFrame(
        {"event_type": [kind], "category_code": [code]},
        {"event_type": CleanEventType, "category_code": pl.String},
    )
    assert ACTIONS[frame.select(action_of_event()).item()] == action


def test_a_return_is_no_action():
    frame = pl.DataFrame(
        {"event_type": ["return"], "category_code": ["kids"]},
        {"event_type": CleanEventType, "category_code": pl.String},
    )
    assert frame.select(action_of_event()).item() is None


def test_every_token_has_a_type_and_a_category_and_14_actions_are_purchases():
    assert len(TYPE_OF) == len(CATEGORY_OF) == TOKENS
    assert IS_PURCHASE.nonzero()[0].tolist() == list(range(42, 56))
    assert all(name.startswith("purchase_") for name in ACTIONS[42:56])
