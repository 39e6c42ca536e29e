"""Parts of the visits: each visit is seen whole, by its turn; features are the table's."""

from datetime import UTC, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.segments.visits.parts import PARTS, Snapshot, in_turns
from amazing_assets_tests.builders import event, raw

MONTH = "2019-10"


@pytest.fixture(scope="module")
def events(lake):
    """Clean events of the first shard."""
    return lake.shard("clean_events", 0, MONTH).collect()


@pytest.fixture(scope="module")
def numbered(events):
    return in_turns(events.lazy()).collect()


def test_turns_count_the_visits_of_a_customer_from_0_in_order_of_time(numbered):
    visits = numbered.group_by("user_id", "turn").agg(pl.col("event_time").min())
    by_turn = visits.sort("user_id", "turn").with_columns(
        place=pl.int_range(pl.len()).over("user_id"),
        later=pl.col("event_time").diff().over("user_id") >= pl.duration(seconds=0),
    )
    assert by_turn["turn"].equals(by_turn["place"].alias("turn"))
    assert by_turn["later"].drop_nulls().len() > 0
    assert by_turn["later"].drop_nulls().all()


def test_a_session_is_one_visit_however_its_events_are_mixed(numbered):
    turns = numbered.drop_nulls("user_session").group_by("user_id", "user_session")
    assert turns.agg(pl.col("turn").n_unique())["turn"].unique().to_list() == [1]


def test_events_without_a_session_stay_together_by_the_day():
    times = [datetime(2019, 10, *at, tzinfo=UTC) for at in ((5, 9), (5, 21), (6, 8))]
    events = raw(*(event(event_time=at, user_session=None) for at in times))
    turns = in_turns(events.lazy()).collect().sort("event_time")["turn"]
    assert turns.to_list() == [0, 0, 1]


def test_parts_that_belong_together_share_out_all_visits(numbered):
    def seen(name):
        return numbered.filter((pl.col("turn") % PARTS[name].every).is_in(PARTS[name].seen))

    for one, other in (("odd", "even"), ("quarter", "three_quarters")):
        both = pl.concat([seen(one), seen(other)])
        assert_frame_equal(both, numbered, check_row_order=False)


def test_features_of_all_visits_are_those_of_the_table(lake, events):
    made = Snapshot.of(lake, MONTH).features(events.lazy())
    assert made.height > 0
    assert_frame_equal(made, lake.shard("user_features", 0, MONTH).collect(), check_row_order=False)
