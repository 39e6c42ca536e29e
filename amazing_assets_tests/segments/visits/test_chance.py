"""A month's customers as they are and as chance would have them, drawn from a lake."""

from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.segments.visits.chance import CUSTOMERS, chance

MONTH = "2019-10"


@pytest.fixture(scope="module")
def customers(lake):
    """Those who came more than once."""
    return lake.scan("user_features", MONTH).filter(pl.col("number_of_sessions_7m") > 1).collect()


@pytest.fixture(scope="module")
def drawn(lake, customers):
    return replace(chance(lake, MONTH, customers, seed=5), shuffles=3)


def test_a_sample_has_all_events_of_its_customers_and_of_nobody_else(lake, customers, drawn):
    assert customers.height < CUSTOMERS
    assert_frame_equal(drawn.whole, customers.sort("user_id"))
    known = pl.col("user_id").is_in(customers["user_id"].implode())
    events = lake.scan("clean_events", MONTH).filter(known).collect()
    assert_frame_equal(drawn.clean_events, events, check_row_order=False)


def test_both_halves_are_of_the_same_customers_in_the_same_order(drawn):
    assert drawn.real.odd.height > 100
    for halves in (drawn.real, *drawn.worlds):
        assert halves.odd["user_id"].equals(halves.even["user_id"])
        assert halves.odd["user_id"].is_sorted()
        assert halves.odd.columns == halves.even.columns == drawn.whole.columns


def test_null_worlds_keep_how_often_everybody_comes_and_differ_in_what_is_done(drawn):
    for world in drawn.worlds:
        for name in ("odd", "even"):
            real, dealt = getattr(drawn.real, name), getattr(world, name)
            kept = ("user_id", "number_of_sessions_7m", "recency_days", "tenure_days")
            assert_frame_equal(dealt.select(kept), real.select(kept))
            assert not dealt["total_purchase_value"].equals(real["total_purchase_value"])
    first, second, third = drawn.worlds
    assert not first.odd.equals(second.odd)
    assert not second.odd.equals(third.odd)


def test_the_same_seed_deals_the_same_worlds(lake, customers, drawn):
    again = replace(chance(lake, MONTH, customers, seed=5), shuffles=1)
    assert_frame_equal(again.worlds[0].odd, drawn.worlds[0].odd)
    assert_frame_equal(again.worlds[0].even, drawn.worlds[0].even)
