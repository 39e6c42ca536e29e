from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import (
    CLEAN_EVENT_TYPES,
    EVENT_TYPES,
    EventStatistics,
    EventType,
    RejectedEvents,
)
from amazing_assets.events.statistics.counts import TOTALS
from amazing_assets.events.statistics.describe import (
    add_up,
    describe_month,
    shard_statistics,
)
from amazing_assets.events.statistics.figures import money
from amazing_assets.lake.contract import find_faults, schema_of
from amazing_assets_tests.builders import event, landed, line, raw, read

NOTHING_REJECTED = pl.LazyFrame(schema=schema_of(RejectedEvents))


def counts(events):
    return shard_statistics(clean_shard(events.lazy()), events.lazy())


def describe(events, rejected=NOTHING_REJECTED, month="2019-10", before=None):
    return describe_month(add_up([counts(events)]), rejected, month, before)


def values(statistics, topic, item):
    rows = statistics.filter(topic=topic, item=item)
    return dict(rows.select("measure", "value").iter_rows())


def items(statistics, topic):
    return statistics.filter(topic=topic)["item"].unique(maintain_order=True).to_list()


def at(day=1, hour=0, minute=0, second=0):
    return datetime(2019, 10, day, hour, minute, second, tzinfo=UTC)


def spread_over(times, **columns):
    """One event at each time, by a customer each."""
    rows = pl.DataFrame({"event_time": times}).with_columns(
        pl.col("event_time").cast(pl.Datetime("us", "UTC")), user_id=pl.int_range(pl.len())
    )
    fields = {name: pl.lit(value) for name, value in event(**columns).items() if name not in rows}
    return rows.with_columns(**fields).select(
        pl.col(name).cast(kind) for name, kind in raw().schema.items()
    )


def test_the_analysis_keeps_its_contract(world):
    before = None
    for file, month in zip(world.files, world.months, strict=True):
        kept, rejected = read(file, month)
        before = describe(kept, rejected.lazy(), month, before)
        assert find_faults(EventStatistics.to_schema(), before) == []
        assert before.schema == schema_of(EventStatistics)
        assert before["month"].unique().to_list() == [date.fromisoformat(f"{month}-01")]


def test_a_month_without_events_is_described():
    statistics = describe(raw())
    assert find_faults(EventStatistics.to_schema(), statistics) == []
    assert len(items(statistics, "missing_day")) == 31
    assert values(statistics, "session", "all")["one_event_share"] is None
    assert describe_month(add_up([]), NOTHING_REJECTED, "2019-10", None).equals(statistics)


def test_a_day_counts_its_events_customers_and_buyers():
    statistics = describe(
        raw(
            event(event_time=at(3), user_id=1),
            event(event_time=at(3, 23, 59, 59), user_id=1, event_type="purchase"),
            event(event_time=at(3), user_id=2, event_type="remove_from_cart"),
            event(event_time=at(4), user_id=2, event_type="cart"),
        )
    )
    assert values(statistics, "day", "2019-10-03") == {
        "views": 1,
        "carts": 0,
        "removes": 1,
        "purchases": 1,
        "returns": 0,
        "events": 3,
        "customers": 2,
        "buyers": 1,
    }
    assert len(items(statistics, "day")) == 31


def test_an_hour_adds_up_all_days_and_counts_the_sessions_that_began_in_it():
    statistics = describe(
        raw(
            event(event_time=at(1, 9), user_session="a"),
            event(event_time=at(2, 9, 59), user_session="b"),
            event(event_time=at(2, 10), user_session="b", event_type="cart"),
        )
    )
    nine, ten = values(statistics, "hour", "09"), values(statistics, "hour", "10")
    assert (nine["views"], nine["events"], nine["sessions"]) == (2, 2, 2)
    assert (ten["carts"], ten["events"], ten["sessions"]) == (1, 1, 0)
    assert items(statistics, "hour") == [f"{hour:02d}" for hour in range(24)]


def test_the_funnel_counts_events_sessions_and_customers_of_each_type():
    statistics = describe(
        raw(
            event(user_id=1, user_session="a"),
            event(user_id=1, user_session="b", event_time=at(2)),
            event(user_id=1, user_session="b", event_type="purchase"),
            event(user_id=2, user_session="a", event_type="cart"),
        )
    )
    assert values(statistics, "funnel", "view") == {
        "events": 2,
        "share": 0.5,
        "sessions": 2,
        "session_share": 2 / 3,
        "customers": 1,
        "customer_share": 0.5,
    }
    assert values(statistics, "funnel", "remove_from_cart")["events"] == 0
    assert items(statistics, "funnel") == list(CLEAN_EVENT_TYPES)


def test_a_price_quantile_is_the_smallest_price_that_enough_events_do_not_exceed():
    prices = [event(product_id=cents, price_cents=cents) for cents in range(1, 101)]
    view = values(describe(raw(*prices)), "price", "view")
    assert (view["min"], view["p1"], view["p5"], view["p25"]) == (0.01, 0.01, 0.05, 0.25)
    assert (view["p50"], view["p95"], view["p99"], view["max"]) == (0.5, 0.95, 0.99, 1)
    assert (view["mean"], view["sum"], view["events"]) == (0.505, 50.5, 100)


def test_money_is_exact():
    cents = [*range(-1_000, 1_000), 25_740_799, 10**13 + 1]
    converted = pl.DataFrame({"cents": cents}).select(money(pl.col("cents")))
    assert converted["cents"].to_list() == [amount / 100 for amount in cents]


def test_prices_of_zero_and_below_are_counted_apart():
    paid = [
        event(product_id=product, price_cents=cents, event_type="purchase")
        for product, cents in enumerate([0, -382, -1, 250])
    ]
    purchase = values(describe(raw(*paid)), "price", "purchase")
    assert (purchase["zero_rows"], purchase["negative_rows"]) == (1, 2)
    assert (purchase["negative_sum"], purchase["sum"], purchase["events"]) == (-3.83, 2.5, 1)


def test_purchases_of_unknown_value_and_returns_are_told_with_what_is_known_of_them():
    sold = [
        event(event_type="purchase", user_id=user, product_id=product, price_cents=cents)
        for user, product, cents in [(1, 1, 250), (1, 2, 0), (2, 1, -382), (2, 2, -1), (3, 1, 50)]
    ]
    refund = event(event_type="cart", user_id=9, price_cents=-700)
    statistics = describe(raw(*sold, sold[2], refund))
    assert values(statistics, "sale", "known_value") == {"events": 2, "customers": 2, "sum": 3}
    unknown = {"events": 1, "customers": 1, "sum": None}
    assert values(statistics, "sale", "unknown_value") == unknown
    assert values(statistics, "sale", "returns") == {"events": 2, "customers": 1, "sum": 3.83}
    assert values(statistics, "funnel", "purchase")["customers"] == 2
    assert values(statistics, "duplicate", "return")["rows"] == 1
    assert values(statistics, "duplicate", "purchase")["rows"] == 0


def test_a_month_without_sales_has_none():
    statistics = describe(raw(event()))
    assert items(statistics, "sale") == ["known_value", "unknown_value", "returns"]
    assert values(statistics, "sale", "returns") == {"events": 0, "customers": 0, "sum": 0}


def test_no_sum_of_a_month_wraps():
    dear = [
        event(event_type="purchase", product_id=product, price_cents=10**9)
        for product in range(2_000)
    ]
    statistics = describe(raw(*dear))
    assert values(statistics, "sale", "known_value")["sum"] == 2_000 * 10**7
    assert values(statistics, "price", "purchase")["mean"] == 10**7


def test_a_type_that_did_not_occur_has_no_price():
    cart = values(describe(raw(event())), "price", "cart")
    assert (cart["events"], cart["sum"], cart["p50"], cart["mean"]) == (0, 0, None, None)


def test_the_twenty_largest_brands_are_listed_and_the_rest_added_up():
    events = [
        event(product_id=copy, brand=f"brand{number:02d}")
        for number in range(22)
        for copy in range(30 - number)
    ]
    bought = {"brand": None, "price_cents": 199, "event_type": "purchase"}
    statistics = describe(raw(*events, event(**bought), event(**bought, product_id=1)))
    listed = [f"brand{number:02d}" for number in range(20)]
    assert items(statistics, "brand") == [*listed, "(other)", "(none)"]
    assert values(statistics, "brand", "brand19")["events"] == 11
    assert values(statistics, "brand", "(other)")["events"] == 10 + 9
    none = {"events": 2, "purchases": 2, "revenue": 3.98}
    assert values(statistics, "brand", "(none)") == none
    assert items(statistics, "category") == ["electronics.smartphone"]


def test_sessions_are_counted_by_customer_and_those_without_id_by_day():
    statistics = describe(
        raw(
            event(user_id=1, user_session="shared"),
            event(user_id=2, user_session="shared", event_type="purchase"),
            event(user_id=3, user_session=None),
            event(user_id=3, user_session=None, event_time=at(1, 0, 1, 30)),
            event(user_id=3, user_session=None, event_time=at(2)),
        )
    )
    assert values(statistics, "session", "all") == {
        "sessions": 4,
        "one_event": 3,
        "one_event_share": 0.75,
        "buying": 1,
        "buying_share": 0.25,
        "buying_without_cart": 1,
        "buying_without_cart_share": 1,
    }
    events = values(statistics, "session", "events_per_session")
    assert (events["mean"], events["p50"], events["p75"], events["max"]) == (1.25, 1, 1, 2)
    seconds = values(statistics, "session", "seconds_per_session")
    assert (seconds["p50"], seconds["p90"], seconds["max"]) == (0, 90, 90)


def test_a_buying_session_with_a_cart_is_no_session_without_one():
    bought = raw(event(event_type="purchase", event_time=at(2)), event(event_type="cart"))
    session = values(describe(bought), "session", "all")
    assert (session["buying"], session["buying_without_cart"]) == (1, 0)


def test_customers_are_grouped_by_their_number_of_events():
    sizes = [1, 1, 2, 4, 5, 19, 100]
    statistics = describe(
        raw(
            *[
                event(user_id=user, product_id=product, event_type="purchase", price_cents=150)
                for user, size in enumerate(sizes)
                for product in range(size)
            ]
        )
    )
    grouped = {item: values(statistics, "customer", item) for item in items(statistics, "customer")}
    assert grouped["all"] == {"customers": 7, "events": 132, "revenue": 198}
    assert grouped["1"] == {"customers": 2, "events": 2, "revenue": 3}
    assert grouped["3-4"] == {"customers": 1, "events": 4, "revenue": 6}
    assert grouped["10-19"]["events"] == 19
    assert grouped["20-49"]["customers"] == 0
    assert grouped["100+"]["customers"] == 1
    assert grouped["events_per_customer"]["p50"] == 4


def test_likely_bots_are_counted_apart():
    clicks = [event(user_id=7, product_id=product) for product in range(501)]
    statistics = describe(raw(*clicks, event(user_id=8)))
    bots = {"customers": 1, "events": 501, "revenue": 0}
    assert values(statistics, "customer", "bot_suspects") == bots
    assert values(statistics, "customer", "all")["customers"] == 2
    assert values(statistics, "quality", "bot_suspects") == {"customers": 1}


def test_nulls_are_counted_by_column_and_type_in_the_rows_as_delivered():
    twice = event(brand=None, user_session=None)
    statistics = describe(raw(twice, twice, event(), event(event_type="cart", category_code=None)))
    assert values(statistics, "null", "brand") == {"nulls": 2, "share": 0.5}
    assert values(statistics, "null", "brand/view") == {"nulls": 2, "share": 2 / 3}
    assert values(statistics, "null", "category_code/cart") == {"nulls": 1, "share": 1}
    assert values(statistics, "null", "category_id") == {"nulls": 0, "share": 0}
    assert values(statistics, "quality", "null_session_rows") == {"rows": 2}


def test_duplicates_are_the_rows_that_cleaning_drops():
    gone = event(event_type="remove_from_cart")
    statistics = describe(raw(gone, gone, gone, gone, event()))
    assert values(statistics, "duplicate", "remove_from_cart") == {"rows": 3, "share": 0.75}
    assert values(statistics, "duplicate", "view") == {"rows": 0, "share": 0}
    assert values(statistics, "quality", "duplicate_rows") == {"rows": 3}
    assert values(statistics, "quality", "clean_rows") == {"rows": 2}


def test_rejected_rows_are_counted_by_reason(tmp_path):
    file = landed(tmp_path, line(), line(event_type="stare"), line(price="?"), line(price="-"))
    kept, rejected = read(file)
    statistics = describe(kept, rejected.lazy())
    assert values(statistics, "rejected", "unparsable_price") == {"rows": 2}
    assert values(statistics, "rejected", "missing_id") == {"rows": 0}
    assert values(statistics, "quality", "rejected_rows") == {"rows": 3}


def test_shards_add_up_to_the_whole(world):
    file, month = world.files[1], world.months[1]
    kept, rejected = read(file, month)
    whole = describe(kept, rejected.lazy(), month)
    shards = [counts(kept.filter(pl.col("user_id") % 4 == shard)) for shard in range(4)]
    added = describe_month(add_up(iter(shards)), rejected.lazy(), month, None)
    assert_frame_equal(added, whole, check_exact=True)
    assert shards[0].schema == TOTALS


def test_the_order_of_rows_does_not_matter(world):
    kept, _ = read(world.files[0], world.months[0])
    shuffled = kept.sample(fraction=1, shuffle=True, seed=1)
    totals = add_up([counts(shuffled)]).sample(fraction=1, shuffle=True, seed=2)
    again = describe_month(totals, NOTHING_REJECTED, "2019-10", None)
    assert_frame_equal(again, describe(kept), check_exact=True)


def busy_month(per_slot=4):
    slots = pl.datetime_range(
        at(), datetime(2019, 11, 1, tzinfo=UTC), "5m", closed="left", eager=True
    )
    return slots.to_frame("t").select(pl.col("t").repeat_by(per_slot).explode())["t"]


def test_a_silent_stretch_of_a_busy_month_is_an_outage():
    times = busy_month()
    silent = times.is_between(at(10, 23), at(11, 1, 30), closed="left")
    statistics = describe(spread_over(times.filter(~silent)))
    assert items(statistics, "outage") == ["2019-10-10 23:00"]
    found = {"minutes": 150, "events": 0, "expected_events": 120}
    assert values(statistics, "outage", "2019-10-10 23:00") == found


def test_a_few_events_that_get_through_do_not_hide_an_outage():
    times = busy_month(per_slot=25)
    silent = times.is_between(at(10, 3), at(10, 4), closed="left")
    leaked = pl.Series([at(10, 3, minute) for minute in range(0, 60, 5)], dtype=times.dtype)
    statistics = describe(spread_over(pl.concat([times.filter(~silent), leaked])))
    found = {"minutes": 60, "events": 12, "expected_events": 300}
    assert values(statistics, "outage", "2019-10-10 03:00") == found
    assert len(items(statistics, "outage")) == 1


@pytest.mark.parametrize("events", [300, 3_000, 30_000])
def test_a_small_quiet_world_has_no_outages(events):
    seconds = pl.int_range(31 * 86_400, eager=True).sample(events, seed=events).sort()
    times = pl.select(pl.lit(at()) + pl.duration(seconds=pl.lit(seconds))).to_series()
    assert items(describe(spread_over(times)), "outage") == []


def test_a_missing_day_is_no_outage():
    times = busy_month()
    missing = times.dt.day() == 15
    statistics = describe(spread_over(times.filter(~missing)))
    assert items(statistics, "outage") == []
    found = {"events": 0, "expected_events": 4 * 288}
    assert values(statistics, "missing_day", "2019-10-15") == found
    assert len(items(statistics, "missing_day")) == 1


def test_outages_on_both_sides_of_a_missing_day_are_two():
    times = busy_month()
    silent = times.is_between(at(14, 22), at(16, 2), closed="left")
    assert items(describe(spread_over(times.filter(~silent))), "outage") == [
        "2019-10-14 22:00",
        "2019-10-16 00:00",
    ]


def bought(*numbers):
    times = [at(day) for day, number in enumerate(numbers, 1) for _ in range(number)]
    return describe(spread_over(times, event_type="purchase"))


def test_a_day_with_over_three_times_the_usual_purchases_is_a_spike():
    statistics = bought(10, 11, 9, 10, 32, 31)
    assert items(statistics, "spike") == ["2019-10-05"]
    found = {"purchases": 32, "buyers": 32, "usual_purchases": 10.5}
    assert values(statistics, "spike", "2019-10-05") == found


def test_a_good_day_of_a_small_shop_is_no_spike():
    assert items(bought(1, 1, 1, 9), "spike") == []


def test_ids_rounded_through_floats_are_warned_of():
    rounded = [event(category_id=2**60 + 256 * number) for number in range(20)]
    exact = [event(category_id=2**60 + 257 * number) for number in range(20)]
    small = [event(category_id=256 * number) for number in range(20)]
    (warning,) = items(describe(raw(*rounded)), "warning")
    assert "rounded through floats" in warning
    assert items(describe(raw(*exact)), "warning") == []
    assert items(describe(raw(*small)), "warning") == []


def test_a_sample_of_rows_is_warned_of():
    customers = spread_over([at()] * 1_200)
    (warning,) = items(describe(customers), "warning")
    assert "random sample of rows" in warning
    returned = customers.head(200).with_columns(event_type=pl.lit("cart", EventType))
    assert items(describe(pl.concat([customers, returned])), "warning") == []
    assert items(describe(customers.head(1_000)), "warning") == []


def test_a_change_of_the_taxonomy_is_warned_of():
    before = describe(raw(event(category_code=None), event(), event(product_id=1)))
    november = datetime(2019, 11, 1, tzinfo=UTC)
    month = raw(*[event(event_time=november, product_id=product) for product in range(10)])
    now = describe(month, month="2019-11", before=before)
    (warning,) = items(now, "warning")
    assert warning.startswith(
        "Taxonomy drift: 0.0% of the events have no category_code, after 33.3"
    )
    assert values(now, "warning", warning) == {"difference": -1 / 3}


def test_a_month_is_compared_with_the_one_before():
    before = describe(raw(event(), event(product_id=1), event(event_type="cart")))
    november = datetime(2019, 11, 1, tzinfo=UTC)
    month = raw(*[event(event_time=november + timedelta(days=day)) for day in range(3)])
    now = describe(month, month="2019-11", before=before)
    assert values(now, "change", "funnel/view/events") == {"difference": 1, "ratio": 1.5}
    assert values(now, "change", "funnel/cart/events") == {"difference": -1, "ratio": 0}
    assert values(now, "change", "funnel/purchase/events") == {"difference": 0, "ratio": None}
    assert values(now, "change", "price/purchase/p50") == {"difference": None, "ratio": None}


@pytest.mark.parametrize("month", ["2019-10", "2019-12"])
def test_only_the_month_before_is_compared_with(month):
    before = describe(raw(event()))
    day = datetime.fromisoformat(f"{month}-01T00:00:00Z")
    now = describe(raw(event(event_time=day)), month=month, before=before)
    assert items(now, "change") == []
    assert items(describe(raw(event()), before=before.clear()), "change") == []


REAL = {
    "multicat_2019-10-01_0000-0250.csv": {
        "events": (17_055, 165, 0, 214),
        "duplicates": (4, 1, 0, 0),
        "nulls": (5_746, 2_477),
        "zero_rows": (19, 0, 0, 0),
        "revenue": 59_442.63,
        # 5 066 ids, one of them shared by two customers.
        "sessions": 5_067,
        # 2 067 in the file; two more sessions hold only copies, two share their id.
        "one_event": 2_071,
    },
    "cosmetics_2019-10-01_first20k.csv": {
        "events": (8_585, 5_735, 4_165, 1_515),
        "duplicates": (0, 79, 1_019, 2),
        "nulls": (19_474, 8_124),
        "zero_rows": (37, 1, 0, 0),
        "revenue": 7_881.68,
        "sessions": 4_194,
        # 2 583 in the file; five more hold only copies of one event.
        "one_event": 2_588,
    },
    "cosmetics_2019-10-31_tail.csv": {
        "events": (786, 830, 460, 207),
        "duplicates": (0, 4, 138, 0),
        "nulls": (2_258, 846),
        "zero_rows": (1, 0, 0, 0),
        "revenue": 1_176.92,
        "sessions": 359,
        "one_event": 202,
    },
}


def by_type(statistics, topic, measure):
    return tuple(values(statistics, topic, kind)[measure] for kind in EVENT_TYPES)


@pytest.mark.parametrize("name", REAL)
def test_the_figures_of_the_real_files_are_the_known_ones(real_data, name):
    known = REAL[name]
    statistics = describe(read(real_data / name)[0])
    copies = by_type(statistics, "duplicate", "rows")
    clean = by_type(statistics, "funnel", "events")
    assert copies == known["duplicates"]
    assert tuple(map(sum, zip(clean, copies, strict=True))) == known["events"]
    nulls = [values(statistics, "null", name)["nulls"] for name in ("category_code", "brand")]
    assert tuple(nulls) == known["nulls"]
    assert by_type(statistics, "price", "zero_rows") == known["zero_rows"]
    assert values(statistics, "price", "purchase")["sum"] == known["revenue"]
    sessions = values(statistics, "session", "all")
    assert sessions["sessions"] == known["sessions"]
    assert sessions["one_event"] == known["one_event"]
    assert items(statistics, "warning") == []


def test_the_outage_of_the_first_of_october_is_found(real_data):
    kept, _ = read(real_data / "multicat_2019-10-01_0000-0250.csv")
    statistics = describe(kept)
    assert items(statistics, "outage") == ["2019-10-01 00:20"]
    outage = values(statistics, "outage", "2019-10-01 00:20")
    assert outage["minutes"] == 115
    assert outage["events"] / 115 == pytest.approx(1.8, abs=0.05)
    assert len(items(statistics, "missing_day")) == 30
