import pickle
from datetime import UTC, date, datetime

import duckdb
import polars as pl
import pytest

from amazing_assets.customers.calendar import Calendar, Span
from amazing_assets.customers.columns import FEATURE_VERSION
from amazing_assets.customers.contract import UserFeatures
from amazing_assets.customers.view.contract import WEEKS_OF_ACTIVITY, CustomerView
from amazing_assets.customers.view.history import NoHistoryError, history_task, past_of
from amazing_assets.customers.view.view import FETCHERS, fetch, fill_view
from amazing_assets.dates import as_of, month_of
from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import CleanEvents
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.shard import Shard
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets_tests.builders import KEY, event, raw
from amazing_assets_tests.customers.lakes import features_of, put_events
from amazing_assets_tests.customers.recomputed import recomputed_features
from amazing_assets_tests.customers.snapshots import (
    INCREMENTAL,
    INDEPENDENT,
    clean_events,
    differences,
)

NOBODY = pl.DataFrame(schema={"user_id": int, "segment": int, "segment_name": str})
WEEK = "2019-11-05"  # its reference date is the 12th
TUESDAY = date(2019, 11, 12)


@pytest.fixture(scope="module")
def events(world):
    return dict(zip(world.months, clean_events(*world.files), strict=True))


@pytest.fixture(scope="module")
def year(events, tmp_path_factory):
    """A lake with seven months of a demo world; read-only but for what is made of them."""
    lake = Lake(tmp_path_factory.mktemp("year") / "lake", 2, LocalEngine())
    put_events(lake, events)
    return lake


def view_of(lake, day, segments=NOBODY, zone="UTC", week=WEEK):
    with lake.draft("customer_view", week, CustomerView) as draft:
        fill_view(draft, lake, history_task(lake, past_of(lake, day), zone), segments)
        draft.publish()
    return lake.scan("customer_view", week).sort("user_id").collect()


def features_in(view):
    """What a view holds of `user_features`."""
    return view.rename({"reference_date": "as_of"}).select(schema_of(UserFeatures).names())


@pytest.mark.parametrize("month", ["2019-10", "2019-12", "2020-04"])
def test_at_a_months_end_the_view_equals_the_features_of_the_month(year, month):
    features = features_of(year, month)
    view = view_of(year, as_of(month))
    assert features.height > 200
    assert differences(features_in(view), features, INCREMENTAL) == {}


@pytest.mark.parametrize("day", [date(2019, 10, 8), TUESDAY, date(2020, 4, 21)])
def test_at_any_other_date_it_equals_its_recomputation_from_the_landed_files(world, year, day):
    view = view_of(year, day)
    months = [month for month in world.months if month <= month_of(day)]
    theirs = recomputed_features(world.files[: len(months)], day, KEY, months)
    assert view.height > 100
    assert differences(features_in(view), theirs, INDEPENDENT) == {}


def test_the_hours_and_days_of_the_view_are_those_of_the_time_zone(world, year):
    view = view_of(year, TUESDAY, zone="Asia/Kathmandu")
    theirs = recomputed_features(world.files[:2], TUESDAY, KEY, world.months[:2], "Asia/Kathmandu")
    assert differences(features_in(view), theirs, INDEPENDENT) == {}


def test_the_events_of_six_weeks_are_those_that_sql_counts(events, year):
    view = view_of(year, TUESDAY)
    happened = pl.concat([events["2019-10"], events["2019-11"]])
    weeks = ", ".join(
        f"count(*) FILTER (event_time >= TIMESTAMP '{TUESDAY}' - INTERVAL {7 * n} DAY AND "
        f"event_time < TIMESTAMP '{TUESDAY}' - INTERVAL {7 * (n - 1)} DAY) AS events_wk_{n}"
        for n in range(1, WEEKS_OF_ACTIVITY + 1)
    )
    naive = happened.with_columns(pl.col("event_time").dt.replace_time_zone(None))
    query = f"SELECT user_id, {weeks} FROM naive WHERE event_time < '{TUESDAY}' GROUP BY user_id"
    with duckdb.connect() as connection:
        connection.register("naive", naive.to_arrow())
        counted = connection.sql(f"{query} ORDER BY user_id").pl()
    assert view.select(counted.columns).equals(counted)
    assert counted["events_wk_6"].sum() > 0


@pytest.mark.parametrize("what", ["cut off", "changed"])
def test_what_happens_from_the_date_on_changes_nothing_in_any_column(events, year, tmp_path, what):
    november, later = events["2019-11"], pl.col("event_time").dt.date() >= TUESDAY
    until = november.filter(~later)
    # Prices, products and sessions: of all customers the same one, so that it is crowded.
    session = pl.lit(until["user_session"][0])
    changed = november.with_columns(
        price_cents=pl.when(later).then(99_999_999).otherwise("price_cents"),
        product_id=pl.when(later).then(1).otherwise("product_id"),
        user_session=pl.when(later).then(session).otherwise("user_session"),
        is_crowded_session=later | pl.col("user_session").eq_missing(session),
    )
    lake = Lake(tmp_path / "lake", 2, LocalEngine())
    other = {"cut off": until, "changed": changed}[what]
    put_events(lake, {"2019-10": events["2019-10"], "2019-11": other})
    assert differences(view_of(lake, TUESDAY), view_of(year, TUESDAY), INCREMENTAL) == {}


def seen(user, day, **fields):
    return event(user_id=user, event_time=datetime(2019, 11, day, 12, tzinfo=UTC), **fields)


@pytest.mark.parametrize(("day", "crowd"), [(11, False), (12, True)])
def test_a_session_is_crowded_once_it_is_and_not_before(lake, day, crowd):
    # Twenty customers on the 5th, and one more on the 11th.
    rows = raw(*(seen(user, 5) for user in range(1, 21)), seen(21, 11))
    session = event()["user_session"]
    put_events(lake, {"2019-11": clean_shard(rows.lazy(), [session]).collect()})
    view = view_of(lake, date(2019, 11, day))
    assert view["is_bot_suspect"].to_list() == [crowd] * view.height
    assert view.height == 20 + crowd


def test_the_segment_of_the_month_before_stands_beside_who_has_one(lake):
    put_events(lake, {"2019-11": clean_shard(raw(seen(1, 5), seen(2, 5)).lazy()).collect()})
    segments = pl.DataFrame({"user_id": [2, 9], "segment": [3, 4], "segment_name": ["lion", "fox"]})
    view = view_of(lake, TUESDAY, segments)
    told = view.select("user_id", "segment", "segment_name", "market", "reference_date").rows()
    assert told == [(1, None, None, "main", TUESDAY), (2, 3, "lion", "main", TUESDAY)]


def test_the_days_on_which_customers_are_expected_are_those_of_the_shops_calendar(lake):
    put_events(lake, {"2019-11": clean_shard(raw(seen(1, 5), seen(1, 6)).lazy()).collect()})
    fifth = Calendar((Span("Sale", date(2019, 11, 5), date(2019, 11, 5), ""),))
    history = history_task(lake, past_of(lake, TUESDAY), "UTC", fifth)
    with lake.draft("customer_view", WEEK, CustomerView) as draft:
        fill_view(draft, lake, history, NOBODY)
        draft.publish()
    view = lake.scan("customer_view", WEEK).collect()
    assert view["holiday_share_7m"].to_list() == [0.5]
    assert view["feature_version"].to_list() == [f"{FEATURE_VERSION}~{fifth.mark}"]


def test_a_month_without_its_summaries_is_refused_and_not_left_out(events, lake):
    put_events(lake, {"2019-11": events["2019-11"]})
    with lake.draft("clean_events", "2019-10", CleanEvents) as draft:
        draft.add(events["2019-10"], "events")
        draft.complete()
        draft.publish()
    with pytest.raises(LakeError, match="The lake has no 2019-10 of price_book"):
        view_of(lake, TUESDAY)


def test_a_date_without_events_is_refused_in_a_sentence(year):
    with pytest.raises(NoHistoryError) as refused:
        past_of(year, date(2019, 10, 1))
    assert str(refused.value) == (
        "The lake has no events before 2019-10-01; the first view is that of a later date."
    )
    with pytest.raises(NoHistoryError) as refused:
        past_of(year, date(2021, 1, 5))
    assert str(refused.value) == (
        "The lake has no events of 2021-01, of which the view as of 2021-01-05 is made; `amazing "
        "run --months 2021-01` makes them once they have landed."
    )


@pytest.mark.parametrize("family", [*FETCHERS])
def test_a_family_alone_knows_what_it_knows_in_the_view(year, family):
    whole, past = view_of(year, TUESDAY), past_of(year, TUESDAY)
    history = history_task(year, past, "UTC")(Shard(year.root, 0))
    found = fetch(history, past.all_months, {family: FETCHERS[family]})
    assert found.failed == {}
    alone = found.frame.rename({"as_of": "reference_date"})
    shard = whole.filter(pl.col("user_id") % 2 == 0).select(alone.columns)
    assert len(alone.columns) > 1
    assert differences(alone, shard, INCREMENTAL) == {}


def test_two_families_together_are_both(year):
    past = past_of(year, TUESDAY)
    history = history_task(year, past, "UTC")(Shard(year.root, 0))
    names = ("quality", "weekly_activity")
    found = fetch(history, past.all_months, {name: FETCHERS[name] for name in names})
    theirs = ["is_bot_suspect", *(f"events_wk_{n}" for n in range(1, 7))]
    assert found.frame.columns[-7:] == theirs


def test_a_family_that_fails_is_told_and_the_others_arrive(year):
    past = past_of(year, TUESDAY)
    history = history_task(year, past, "UTC")(Shard(year.root, 0))

    def loyalty_cards(_):
        raise LakeError("The lake has no loyalty cards.")

    broken = {"loyalty_cards": loyalty_cards}
    found = fetch(history, past.all_months, {**broken, "quality": FETCHERS["quality"]})
    assert found.failed == {"loyalty_cards": "The lake has no loyalty cards."}
    assert found.frame["is_bot_suspect"].null_count() == 0


def test_the_work_on_a_shard_travels(year):
    task = history_task(year, past_of(year, TUESDAY), "UTC")
    there = pickle.loads(pickle.dumps(task))  # noqa: S301  our own bytes
    shard = Shard(year.root, 1)
    one, other = (each(shard).sessions.collect() for each in (task, there))
    assert one.equals(other)
