import random
import shutil
from datetime import UTC, date, datetime, timedelta

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


def features_of(*events, reference=date(2019, 11, 1), months=("2019-10",)):
    return features([clean_shard(raw(*events).lazy()).collect()], reference, months).row(
        0, named=True
    )


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
