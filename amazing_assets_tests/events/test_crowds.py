from functools import partial

import polars as pl
import pytest

from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import CleanEvents, RawEvents
from amazing_assets.events.crowds import Crowds, count_by_bucket, crowded_sessions, crowds_of
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.shard import Query
from amazing_assets.lake.table import Lake
from amazing_assets_tests.builders import event, raw
from amazing_assets_tests.lake.travelling import TravellingEngine

MONTH = "2019-10"


def used(session, customers, first=0):
    return [event(user_session=session, user_id=first + number) for number in range(customers)]


def lake_of(folder, *events, shards=3, engine=None):
    """A lake with some raw events of a month."""
    lake = Lake(folder / f"lake {shards}", shards, engine or LocalEngine())
    with lake.draft("raw_events", MONTH, RawEvents) as draft:
        draft.add(raw(*events), "rows")
        draft.complete()
        draft.publish()
    return lake


@pytest.mark.parametrize(("customers", "found"), [(20, ()), (21, ("a",)), (300, ("a",))])
def test_a_session_of_more_than_twenty_customers_is_crowded(tmp_path, customers, found):
    lake = lake_of(tmp_path, *used("a", customers), *used("b", 2))
    assert crowded_sessions(lake, MONTH) == found


@pytest.mark.parametrize("shards", [1, 2, 7, 32])
def test_the_number_of_shards_never_matters(tmp_path, shards):
    events = [*used("a", 21), *used("b", 20, 100), *used("c", 40, 7), *used(" a", 3, 500)]
    assert crowded_sessions(lake_of(tmp_path, *events, shards=shards), MONTH) == ("a", "c")


def test_one_customer_who_returns_to_a_session_is_one(tmp_path):
    again = [event(user_session="a", product_id=number) for number in range(60)]
    assert crowded_sessions(lake_of(tmp_path, *again), MONTH) == ()


@pytest.mark.parametrize("nothing", [None, "", "null", " NaN "])
def test_no_session_is_none_however_it_is_written(tmp_path, nothing):
    assert crowded_sessions(lake_of(tmp_path, *used(nothing, 50)), MONTH) == ()


def test_sessions_of_one_bucket_are_counted_one_by_one(tmp_path):
    # Four million sessions of one customer each leave no bucket alone; the same with fewer.
    events = [event(user_session=str(number % 15_000), user_id=number) for number in range(30_000)]
    lake = lake_of(tmp_path, *events, *used("crowd", 21, 50_000))
    assert crowded_sessions(lake, MONTH) == ("crowd",)
    counted = sum(int(count_by_bucket(lake.shard("raw_events", n, MONTH)).sum()) for n in range(3))
    assert counted == 30_021


def test_a_month_without_events_has_no_crowd(tmp_path):
    assert crowded_sessions(lake_of(tmp_path), MONTH) == ()
    assert count_by_bucket(pl.LazyFrame(schema=raw().schema)).sum() == 0


def test_crowds_are_counted_elsewhere_as_well(tmp_path):
    lake = lake_of(tmp_path, *used("a", 21), engine=TravellingEngine())
    assert crowded_sessions(lake, MONTH) == ("a",)


def test_a_person_is_told_how_many_sessions_and_customers_are_flagged(tmp_path):
    lake = lake_of(tmp_path, *used("a", 21), *used("b", 1_300, 100), *used("c", 2, 5_000))
    clean = partial(clean_shard, crowded=crowded_sessions(lake, MONTH))
    with lake.draft("clean_events", MONTH, CleanEvents) as draft:
        draft.fill(Query(clean, ("raw_events",), (MONTH,)))
        draft.publish()
    found = crowds_of(lake, MONTH)
    assert found == Crowds(MONTH, 2, 1_321)
    assert found.line == (
        "2019-10: 2 sessions are each used by more than 20 customers; 1,321 customers are flagged "
        "like bots and get no segment."
    )
    assert "1 session is used" in Crowds(MONTH, 1, 30).line
