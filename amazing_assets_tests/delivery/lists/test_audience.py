"""Audiences, who is held out of them, and what campaigns bring: planted, and not planted."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from amazing_assets.delivery.lists.audience import (
    audience,
    campaign_week,
    effects,
    read_ids,
    with_own_ids,
)
from amazing_assets.delivery.lists.files import ListError
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import KEY

MONTH = "2020-04"


def assigned(customers):
    """Even pseudonyms are lions, the others foxes."""
    user = np.random.default_rng(5).integers(0, 2**62, customers)
    lions = user % 2 == 0
    return pl.DataFrame(
        {
            "user_id": user,
            "segment": pl.Series(np.where(lions, 1, 2), dtype=pl.Int16),
            "segment_name": np.where(lions, "lions", "foxes"),
        }
    )


def lived(customers, effect, seed):
    """A month in which those who could be contacted spend so much more."""
    random = np.random.default_rng(seed)
    bought = random.uniform(size=customers.height) < 0.4
    reached = ~customers["is_holdout"].to_numpy()
    revenue = np.where(bought, random.gamma(2, 25, customers.height), 0) + effect * reached
    did = pl.Series(bought | (effect * reached > 0))
    return customers.select("user_id", bought=did, revenue=pl.Series(revenue), visited=did).filter(
        "visited"
    )


def test_the_campaign_of_a_month_begins_on_the_first_tuesday_after_it():
    assert campaign_week("2020-04") == date(2020, 5, 5)
    assert campaign_week("2019-09") == date(2019, 10, 1)


def test_a_segments_customers_are_told_and_a_tenth_of_them_held_out():
    found = audience(assigned(20_000), "lions", MONTH, 0.1)
    assert set(found["segment_name"]) == {"lions"}
    assert found["is_holdout"].mean() == pytest.approx(0.1, abs=0.01)
    assert audience(assigned(20_000), "lions", MONTH, 0.1).equals(found)


def test_most_who_are_held_out_are_so_in_the_next_months_campaign_too():
    now, later = (audience(assigned(20_000), "lions", m, 0.1) for m in (MONTH, "2020-05"))
    both = now.filter("is_holdout").join(later.filter("is_holdout"), on="user_id")
    assert both.height > 0.7 * now["is_holdout"].sum()


def test_a_planted_effect_lies_within_its_interval_and_is_told_from_chance():
    customers = audience(assigned(40_000), "lions", MONTH, 0.1)
    within = 0
    for seed in range(20):
        *_, revenue = effects(customers, lived(customers, 5.0, seed))
        assert revenue.low > 0
        within += revenue.low <= 5.0 <= revenue.high
    assert within >= 17


def test_where_nothing_was_planted_nothing_is_found_in_nineteen_of_twenty_campaigns():
    customers = audience(assigned(10_000), "lions", MONTH, 0.1)
    found = [effects(customers, lived(customers, 0.0, seed)) for seed in range(20)]
    intervals = [(each.low, each.high) for told in found for each in told]
    assert len(intervals) == 60
    assert sum(low <= 0 <= high for low, high in intervals) >= 54


def test_of_a_handful_nothing_is_said():
    customers = audience(assigned(100), "lions", MONTH, 0.1)
    told = effects(customers, lived(customers, 5.0, 1))
    assert {each.difference for each in told} == {None}


def test_the_shops_own_ids_stand_in_for_pseudonyms_where_a_file_of_them_is_given(tmp_path):
    customers = pl.DataFrame({"user_id": [pseudonym_of(7, KEY), 1], "is_holdout": [True, False]})
    (tmp_path / "crm.csv").write_text("user_id,mail\n7,a@example.org\n8,b@example.org\n")
    found = with_own_ids(customers, read_ids(tmp_path / "crm.csv"), KEY)
    assert found.to_dicts() == [{"user_id": 7, "mail": "a@example.org", "is_holdout": True}]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id\n7\n", "has no column user_id, but id; name the column"),
        ("user_id\n7\nseven\n", "Row 3 of .* has a user_id that is no whole number"),
    ],
)
def test_a_file_of_ids_that_holds_none_is_one_sentence(tmp_path, text, sentence):
    (tmp_path / "crm.csv").write_text(text)
    with pytest.raises(ListError, match=sentence):
        read_ids(tmp_path / "crm.csv")
