import random
import shutil
from datetime import UTC, date, datetime, timedelta
from math import pi, sin

import polars as pl
import pytest

from amazing_assets.customers.contract import PriceBook, Sessions, UserFeatures, UserProducts
from amazing_assets.customers.summaries import (
    combine_prices,
    combine_sessions,
    combine_user_products,
    summarise_prices,
    summarise_sessions,
    summarise_user_products,
)
from amazing_assets.dates import as_of
from amazing_assets.events.clean import clean_shard
from amazing_assets.lake.contract import find_faults
from amazing_assets_tests.builders import KEY, event, raw
from amazing_assets_tests.customers.recomputed import recomputed_features
from amazing_assets_tests.customers.snapshots import (
    INCREMENTAL,
    INDEPENDENT,
    clean_events,
    differences,
    features,
)

SUMMARIES = (
    (summarise_sessions, combine_sessions, Sessions),
    (summarise_user_products, combine_user_products, UserProducts),
    (summarise_prices, combine_prices, PriceBook),
)


@pytest.fixture(scope="module")
def events(world):
    """Clean events of a seven-month demo world, month by month."""
    return clean_events(*world.files)


@pytest.mark.parametrize("number", [1, 3, 7])
def test_every_feature_equals_its_recomputation_in_sql(world, events, number):
    months, reference = world.months[:number], as_of(world.months[number - 1])
    ours = features(events[:number], reference, months)
    theirs = recomputed_features(world.files[:number], reference, KEY, months)
    assert ours.height > 200
    assert differences(ours, theirs, INDEPENDENT) == {}
    assert not find_faults(UserFeatures.to_schema(), ours)


@pytest.mark.parametrize(
    "zone", ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]
)
def test_every_feature_of_another_time_zone_equals_its_recomputation_in_sql(world, events, zone):
    months, reference = world.months[:2], as_of(world.months[1])
    ours = features(events[:2], reference, months, zone)
    theirs = recomputed_features(world.files[:2], reference, KEY, months, zone)
    assert differences(ours, theirs, INDEPENDENT) == {}
    assert not find_faults(UserFeatures.to_schema(), ours)
    in_utc = features(events[:2], reference, months)
    assert {"hour_sin_2m", "days_active_2m", "feature_version"} <= set(
        differences(ours, in_utc, INDEPENDENT)
    )
    unlike = set(differences(ours, in_utc, INDEPENDENT))
    of_the_clock = ("hour", "days_active", "purchase_days", "weekend", "night", "holiday", "most_a")
    assert all(name.startswith((*of_the_clock, "feature_version")) for name in unlike)


@pytest.mark.parametrize(
    "name",
    [
        "multicat_2019-10-01_0000-0250.csv",
        "cosmetics_2019-10-01_first20k.csv",
        "cosmetics_2019-10-31_tail.csv",
    ],
)
def test_every_feature_of_real_files_equals_its_recomputation(real_data, tmp_path, name):
    file = shutil.copy(real_data / name, tmp_path / "2019-Oct.csv")
    ours = features(clean_events(file), date(2019, 11, 1), ["2019-10"])
    theirs = recomputed_features([file], date(2019, 11, 1), KEY, ["2019-10"])
    assert differences(ours, theirs, INDEPENDENT) == {}


@pytest.mark.parametrize("seed", range(20))
def test_merged_parts_are_one_pass(world, events, seed):
    """Parts are any days in any order, as months arrive late or are delivered again."""
    day = pl.col("event_time").dt.date()
    whole = pl.concat(events[:3])
    dice = random.Random(seed)  # noqa: S311  a split, not a secret
    lot = {d: dice.randrange(4) for d in whole.select(day.unique().sort()).to_series()}
    part = day.replace_strict(lot)
    parts = [whole.filter(part == number) for number in dice.sample(range(4), 4)]
    one_pass = features([whole], date(2020, 1, 1), world.months[:3])
    merged = features(parts, date(2020, 1, 1), world.months[:3])
    assert differences(merged, one_pass, INCREMENTAL) == {}


@pytest.mark.parametrize(("summarise", "combine", "contract"), SUMMARIES)
def test_combining_is_associative_has_an_identity_and_is_exact(
    events, summarise, combine, contract
):
    rows = events[0].with_row_index().with_columns(part=pl.col("index").hash(seed=1) % 3)
    one, two, three = (
        rows.filter(pl.col("part") == n).drop("index", "part").lazy() for n in range(3)
    )
    whole = combine([summarise(events[0].lazy())]).collect()
    parts = [summarise(part) for part in (one, two, three)]
    left = combine([combine(parts[:2]), parts[2]]).collect()
    right = combine([parts[0], combine(parts[1:])]).collect()
    assert left.equals(right)
    assert left.equals(whole)
    assert combine([whole.lazy(), whole.lazy().clear()]).collect().equals(whole)
    assert not find_faults(contract.to_schema(), whole)


def day(number, hour=12, month=10, **fields):
    return event(event_time=datetime(2019, month, number, hour, tzinfo=UTC), **fields)


def features_of(*events, reference=date(2019, 11, 1), months=("2019-10",), zone="UTC", crowded=()):
    clean = clean_shard(raw(*events).lazy(), crowded).collect()
    return features([clean], reference, months, zone).row(0, named=True)


def bought(number, cents, **fields):
    session = fields.pop("user_session", f"s{number}")
    return day(number, event_type="purchase", price_cents=cents, user_session=session, **fields)


MONEY = (
    "number_of_purchases_7m",
    "number_of_returns_7m",
    "monetary_7m",
    "returned_value_7m",
    "net_value_7m",
    "avg_order_value_7m",
    "total_purchase_value",
)


@pytest.mark.parametrize(
    ("sold", "expected"),
    [
        # Bought and given back in full.
        ([(2, 10_000), (9, -10_000)], (1, 1, 100.0, 100.0, 0.0, 100.0, 100.0)),
        # Given back what was bought before the history.
        ([(3, -4_000)], (0, 1, 0.0, 40.0, -40.0, None, 0.0)),
        # Without a price, and a price of zero: purchases, of nobody knows what.
        ([(4, None), (5, 0)], (2, 0, 0.0, 0.0, 0.0, None, 0.0)),
        # An order of unknown value leaves the mean of the known ones alone.
        ([(4, 0), (5, 2_000), (6, 4_000)], (3, 0, 60.0, 0.0, 60.0, 30.0, 60.0)),
        # The largest price that is accepted, given back.
        ([(4, 10**9), (5, -(10**9))], (1, 1, 1e7, 1e7, 0.0, 1e7, 1e7)),
    ],
    ids=["refunded", "only a return", "no price", "one unknown", "the bound"],
)
def test_returns_and_orders_of_unknown_value_are_counted_apart(sold, expected):
    row = features_of(*(bought(number, cents) for number, cents in sold))
    assert tuple(row[name] for name in MONEY) == expected
    has_bought = expected[0] > 0
    assert (row["has_purchased"], row["last_purchase"] is not None) == (has_bought, has_bought)


def test_an_order_with_one_known_price_is_worth_what_is_known():
    order = [bought(2, cents, product_id=cents, user_session="o") for cents in (0, 500, 700)]
    assert features_of(*order)["avg_order_value_7m"] == 12.0


def test_a_return_is_no_last_purchase_and_no_purchase_day_but_an_event():
    row = features_of(bought(2, 500), bought(9, -500))
    assert row["last_purchase"] == datetime(2019, 10, 2, 12, tzinfo=UTC)
    assert row["days_since_last_purchase"] == 30
    assert (row["purchase_days_7m"], row["days_active_7m"], row["recency_days"]) == (1, 2, 23)
    assert (row["number_of_events_7m"], row["n_events_history"]) == (2, 2)
    assert (row["repurchase_share_7m"], row["purchase_price_position_7m"]) == (0.0, None)


def test_a_cart_given_back_is_a_cart_given_up():
    row = features_of(
        day(2, event_type="cart", user_session="o"), bought(2, -500, user_session="o")
    )
    assert (row["cart_abandonments"], row["cart_to_purchase_7m"]) == (1, 0.0)


def test_hours_and_days_are_those_of_the_time_zone_summer_time_included():
    # 23:30 UTC is half past one on the next day in summer and half past midnight in winter.
    summer = event(event_time=datetime(2019, 10, 25, 23, 30, tzinfo=UTC))
    winter = event(event_time=datetime(2019, 10, 27, 23, 30, tzinfo=UTC))
    paris, utc = (features_of(summer, winter, zone=zone) for zone in ("Europe/Paris", "UTC"))
    angles = [0, 2 * pi / 24]
    assert paris["hour_sin_7m"] == pytest.approx(sum(map(sin, angles)) / 2)
    assert (paris["most_active_time"], utc["most_active_time"]) == ("night", "evening")
    assert (paris["weekend_share_7m"], utc["weekend_share_7m"]) == (0.5, 0.5)
    assert (paris["most_active_day"], utc["most_active_day"]) == ("monday", "sunday")
    assert (paris["feature_version"], utc["feature_version"]) == ("2+Europe/Paris", "2")


def test_a_zone_half_an_hour_off_finds_its_own_hours_within_one_of_utc():
    events = [day(2, 18).copy() | {"event_time": at} for at in EVENING]
    row = features_of(*events, zone="Asia/Kolkata")
    # 18:10 and 18:40 UTC are 23:40 and 00:10 of the next day.
    assert (row["days_active_7m"], row["night_share_7m"]) == (2, 0.5)
    assert features_of(*events)["days_active_7m"] == 1


EVENING = [datetime(2019, 10, 2, 18, minute, tzinfo=UTC) for minute in (10, 40)]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_the_windows_are_the_same_in_every_time_zone(zone):
    edges = [datetime(2019, 10, 1, tzinfo=UTC), datetime(2019, 11, 30, 23, 59, 59, tzinfo=UTC)]
    before = datetime(2019, 9, 30, 23, 59, 59, tzinfo=UTC)
    row = features_of(
        *(event(event_time=time) for time in (before, *edges)),
        reference=date(2019, 12, 1),
        months=("2019-09", "2019-10", "2019-11"),
        zone=zone,
    )
    assert (row["number_of_events_2m"], row["number_of_events_5m"]) == (2, 3)
    assert (row["recency_days"], row["days_active_2m"]) == (1, 2)


def test_a_first_visit_on_the_morning_of_the_reference_date_has_no_lift():
    late = event(event_time=datetime(2019, 12, 31, 23, tzinfo=UTC))
    row = features_of(late, reference=date(2020, 1, 1), months=("2019-12",), zone="Asia/Tokyo")
    assert (row["recency_days"], row["holiday_lift_7m"], row["holiday_share_7m"]) == (1, None, 0.0)


def test_who_shared_a_crowded_session_is_suspect_in_the_history():
    shared = day(2, user_session="crowd"), day(3, user_session="own")
    assert features_of(*shared, crowded=("crowd",))["is_bot_suspect"]
    assert not features_of(*shared)["is_bot_suspect"]


def test_no_sum_over_a_history_wraps():
    # As many as a shop's guests under one id may be, from one event that is counted so often.
    one = summarise_sessions(clean_shard(raw(bought(2, 10**9)).lazy())).collect()
    often, whole = 2 * 10**8, pl.col(pl.Int64).exclude("user_id")
    many = one.with_columns(whole * often)
    assert many["log_price_square_sum"].item() == one["log_price_square_sum"].item() * often
    assert many["purchase_cents"].item() == 10**9 * often


def test_a_session_across_the_months_end_counts_once():
    row = features_of(
        day(31, 23, price_cents=100),
        event(event_time=datetime(2019, 11, 1, 0, 30, tzinfo=UTC), price_cents=300),
        reference=date(2019, 12, 1),
        months=("2019-10", "2019-11"),
    )
    assert (row["number_of_sessions_2m"], row["events_per_session_2m"]) == (1, 2.0)
    assert (row["days_active_2m"], row["session_minutes_mean_2m"]) == (2, 90.0)
    assert row["avg_price_2m"] == 2.0


def test_events_without_a_session_are_one_session_a_day():
    row = features_of(*(day(n, h, user_session=None) for n in (1, 2) for h in (1, 20)))
    assert (row["number_of_sessions_7m"], row["cart_abandonments"]) == (2, 0)


def test_a_session_of_months_is_no_visit_of_months():
    row = features_of(day(1), day(31))
    assert row["session_minutes_mean_7m"] == 24 * 60


def test_who_never_bought_has_no_days_since():
    row = features_of(day(1))
    assert row["last_purchase"] is None
    assert row["days_since_last_purchase"] is None
    assert (row["has_purchased"], row["total_purchase_value"]) == (False, 0.0)


def test_a_tie_goes_to_the_brand_bought_then_to_the_later_then_to_the_name():
    bought = day(1, brand="b", event_type="purchase")
    assert features_of(bought, day(2, brand="a"))["preferred_brand"] == "b"
    assert features_of(day(1, brand="a"), day(2, brand="b"))["preferred_brand"] == "b"
    assert features_of(day(1, brand="b"), day(1, brand="a"))["preferred_brand"] == "a"
    assert features_of(day(1, brand=None))["preferred_brand"] is None


def test_equal_prices_deviate_by_exactly_nothing():
    row = features_of(*(day(n, price_cents=33_333_33) for n in range(1, 31)))
    assert row["log_price_sd_7m"] == 0.0


def test_a_discount_is_five_percent_below_the_median():
    usual = [day(n, product_id=1, price_cents=10_000, user_id=n) for n in range(2, 12)]
    cheap = features_of(day(1, product_id=1, price_cents=9_300, user_id=1), *usual)
    nearly = features_of(day(1, product_id=1, price_cents=9_700, user_id=1), *usual)
    assert (cheap["discount_share_7m"], nearly["discount_share_7m"]) == (1.0, 0.0)
    assert cheap["price_position_7m"] < 0.1


def test_a_month_that_is_missing_is_said():
    row = features_of(day(1), months=("2019-10",))
    assert [row[f"window_months_available_{w}m"] for w in (2, 5, 7)] == [1, 1, 1]


def test_a_bot_of_one_month_is_suspect_in_the_history():
    busy = [
        event(product_id=n, event_time=datetime(2019, 10, 1, tzinfo=UTC) + timedelta(seconds=n))
        for n in range(501)
    ]
    row = features_of(*busy, reference=date(2019, 12, 1), months=("2019-10", "2019-11"))
    assert row["is_bot_suspect"]
    assert not features_of(*busy[:500])["is_bot_suspect"]
