from datetime import date, timedelta

import polars as pl
import pytest

from amazing_assets.churn.holdout import HOLDOUT_WEEKS, is_holdout

WEEK = date(2019, 12, 3)
CUSTOMERS = pl.DataFrame({"user_id": pl.int_range(10**18, 10**18 + 20_000, eager=True)})


def held_out(weeks=0, share=0.05):
    week = WEEK + timedelta(weeks=weeks)
    drawn = CUSTOMERS.filter(is_holdout(pl.col("user_id"), week, share))
    return set(drawn["user_id"])


@pytest.mark.parametrize("weeks", [0, 1, 25, 26, 200])
def test_every_week_about_the_share_is_held_out(weeks):
    assert len(held_out(weeks)) == pytest.approx(1_000, abs=150)


def test_whoever_is_held_out_stays_so_for_26_weeks_and_no_longer():
    new = held_out(1) - held_out(0)
    stays = [len(new & held_out(1 + n)) / len(new) for n in (HOLDOUT_WEEKS - 1, HOLDOUT_WEEKS)]
    assert len(new) > 20
    assert stays[0] == 1
    assert stays[1] < 0.2


def test_a_larger_share_holds_out_all_of_the_smaller_one():
    assert held_out(share=0.05) < held_out(share=0.1)


def test_without_a_share_nobody_is_held_out():
    assert held_out(share=0) == set()


def test_the_draw_never_changes_from_one_version_of_a_library_to_the_next():
    few = pl.DataFrame({"user_id": pl.int_range(0, 100, eager=True)})
    drawn = few.filter(is_holdout(pl.col("user_id"), WEEK, 0.05))["user_id"]
    assert drawn.to_list() == [38, 39, 40, 44, 66, 75, 93]
