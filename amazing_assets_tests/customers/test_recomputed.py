"""The second way is checked by hand, on files small enough to work out on paper."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from math import exp, log, pi, sin, sqrt
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amazing_assets.customers.contract import UserFeatures
from amazing_assets.lake.contract import schema_of
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import KEY, OUR_HEADER
from amazing_assets_tests.customers.recomputed import recomputed_features

if TYPE_CHECKING:
    from pathlib import Path


AS_OF = date(2020, 1, 1)


def event(
    time, kind="view", product=10, price="10.00", category="electronics.phone", **fields
) -> str:
    id_, brand = fields.get("category_id", 1), fields.get("brand", "acme")
    user, session = fields.get("user", 1), fields.get("session", "a")
    return f"{time} UTC,{kind},{product},{id_},{category},{brand},{price},{user},{session}"


def features(folder: Path, months: dict[str, list[str]], as_of: date = AS_OF) -> pl.DataFrame:
    files = []
    for month, lines in months.items():
        files.append(folder / f"{month}.csv.gz")
        files[-1].write_bytes(gzip.compress("\n".join([OUR_HEADER, *lines, ""]).encode()))
    return recomputed_features(files, as_of, KEY, ["2019-10", "2019-11", "2019-12"])


def only(frame: pl.DataFrame, user: int = 1) -> dict:
    return frame.row(by_predicate=pl.col("user_id") == pseudonym_of(user, KEY), named=True)


@pytest.fixture
def customer(tmp_path) -> dict:
    october = [
        event("2019-10-02 08:00:00"),
        event("2019-10-02 08:00:00"),
        event("2019-10-02 08:10:00", "cart"),
        event("2019-10-02 08:30:00", "purchase"),
    ]
    november = [
        event("2019-11-11 23:50:00", session="b", brand="Zorg "),
        event("2019-11-12 00:10:00", session="b", price="0.00"),
    ]
    december = [
        event("2019-12-01 00:00:00", session="b", product=11, price="20.00"),
        event("2019-12-21 13:00:00", "cart", session="c", product=11, price="20.00"),
        event("2019-12-22 14:00:00", "purchase", session="", brand=""),
        event("2019-12-22 15:00:00", session="", category="", category_id="", price="5.00"),
    ]
    return only(
        features(tmp_path, {"2019-Oct": october, "2019-Nov": november, "2019-Dec": december})
    )


def expect(customer: dict, **columns) -> None:
    found = {name: customer[name] for name in columns}
    assert found == {
        name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
        for name, value in columns.items()
    }


def test_the_table_keeps_its_contract(tmp_path):
    frame = features(tmp_path, {"2019-Dec": [event("2019-12-01 00:00:00")]})

    assert frame.schema == schema_of(UserFeatures)
    UserFeatures.validate(frame)


def test_the_snapshot_is_what_paper_says(customer):
    # Sessions begin 2 Oct 08:00, 11 Nov 23:50, 21 Dec 13:00 and 22 Dec 14:00.
    gap = (40 + 950 / 1440 + 39 + 790 / 1440 + 1 + 60 / 1440) / 3
    expect(
        customer,
        as_of=AS_OF,
        feature_version="2",
        n_events_history=9,
        is_bot_suspect=False,
        last_event_at=datetime(2019, 12, 22, 15, tzinfo=UTC),
        recency_days=10,
        tenure_days=91,
        has_purchased=True,
        last_purchase=datetime(2019, 12, 22, 14, tzinfo=UTC),
        days_since_last_purchase=10,
        total_purchase_value=20.0,
        cart_abandonments=1,
        frequency=4 / 91 * 30,
        overdue_ratio=10 / gap,
        preferred_brand="acme",
        preferred_category="electronics",
        # Morning and Wednesday have as many events and purchases, but earlier ones.
        most_active_time="afternoon",
        most_active_day="sunday",
        trend_2m_5m=log((6 / 2 + 1) / (9 / 5 + 1)),
        event_trend_28d=log((3 + 1) / (3 + 1)),
    )


def test_the_window_of_two_months_is_what_paper_says(customer):
    hours = (23, 0, 0, 13, 14, 15)
    expect(
        customer,
        window_months_available_2m=2,
        window_months_available_7m=3,
        number_of_events_2m=6,
        number_of_views_2m=4,
        number_of_carts_2m=1,
        number_of_removes_2m=0,
        number_of_purchases_2m=1,
        number_of_sessions_2m=3,
        count_products_2m=2,
        days_active_2m=5,
        purchase_days_2m=1,
        avg_price_2m=65 / 5,
        monetary_2m=10.0,
        avg_order_value_2m=10.0,
        view_to_cart_2m=1 / 4,
        cart_to_purchase_2m=1.0,
        events_per_session_2m=6 / 3,
        products_per_session_2m=(2 + 1 + 1) / 3,
        # The first session lasts 19 days and counts as one.
        session_minutes_mean_2m=(1440 + 0 + 60) / 3,
        bounce_share_2m=1 / 3,
        brand_entropy_2m=log(5) - 4 * log(4) / 5 + 1 / 10,
        category_entropy_2m=0.0,
        top_brand_share_2m=4 / 5,
        n_brands_2m=2,
        n_categories_2m=1,
        repeat_product_share_2m=1.0,
        repurchase_share_2m=1.0,
        repurchase_share_7m=1 / 2,
        # 12 November alone is none; 1 + 4 + 4 + 12 of the 61 days are.
        holiday_share_2m=5 / 6,
        holiday_lift_2m=(5 / 6) / (21 / 61),
        hour_sin_2m=sum(sin(2 * pi * hour / 24) for hour in hours) / 6,
        weekend_share_2m=4 / 6,
        night_share_2m=2 / 6,
        share_top_electronics_2m=5 / 6,
        share_top_unknown_2m=1 / 6,
    )


def test_the_spread_of_prices_and_gaps_is_what_paper_says(customer):
    logs = [round(10_000 * log(cents)) for cents in (1000, 2000, 2000, 1000, 500)]
    mean = sum(logs) / 5
    gaps = [log(1 + 39 + 790 / 1440), log(1 + 1 + 60 / 1440)]
    expect(
        customer,
        log_price_sd_2m=sqrt(sum((value - mean) ** 2 for value in logs) / 4) / 10_000,
        gap_days_mean_2m=(39 + 790 / 1440 + 1 + 60 / 1440) / 2,
        gap_log_cv_2m=abs(gaps[0] - gaps[1]) / sqrt(2) / (sum(gaps) / 2),
    )


def test_prices_are_placed_in_their_category_or_else_in_the_level_above(tmp_path):
    # Of category 1 the book knows 4 prices, of category 2 one: that falls back on all 5.
    frame = features(
        tmp_path,
        {
            "2019-Dec": [
                event("2019-12-03 00:00:00", price="10.00"),
                event("2019-12-03 00:00:01", "cart", price="10.00"),
                event("2019-12-03 00:00:02", "purchase", product=12, price="20.00"),
                event("2019-12-03 00:00:03", user=2, price="9.00"),
                event("2019-12-03 00:00:04", user=2, product=13, price="40.00", category_id=2),
                event("2019-12-03 00:00:05", user=3, price="10.00", category_id="", category=""),
            ]
        },
    )

    def part(cents: int) -> float:
        return 100 * log(cents) % 1

    first, second = only(frame), only(frame, 2)
    seen = (2 * (1 + part(1000) * 2) / 4 + (3 + part(2000)) / 4) / 3
    assert first["price_position_2m"] == pytest.approx(seen, rel=1e-9)
    assert first["purchase_price_position_2m"] == pytest.approx((3 + part(2000)) / 4, rel=1e-9)
    lowest, highest = part(900) / 4, (4 + part(4000)) / 5
    assert second["price_position_2m"] == pytest.approx((lowest + highest) / 2, rel=1e-9)
    assert second["purchase_price_position_2m"] is None
    assert only(frame, 3)["price_position_2m"] is None


def test_a_product_is_discounted_at_95_percent_of_its_median(tmp_path):
    # Bins: 9.00 is 680, 10.00 thrice is 690; the median lies a third into the upper bin.
    assert 0.95 * exp((690 + (2 - 1) / 3) / 100) == pytest.approx(945.6, abs=0.5)
    prices = {1: "9.00", 2: "10.00", 3: "10.00", 4: "10.00"}
    frame = features(
        tmp_path,
        {
            "2019-Dec": [
                *(event("2019-12-03 00:00:00", user=u, price=p) for u, p in prices.items()),
                event("2019-12-03 00:00:00", user=5, product=14),
            ]
        },
    )

    shares = [only(frame, user)["discount_share_2m"] for user in (1, 2, 5)]
    assert shares == [1.0, 0.0, None]


def test_lines_that_are_no_events_count_for_nothing(tmp_path):
    good = event("2019-12-03 00:00:00")
    bad = [
        "2019-12-03 00:00:01 UTC",
        event("2019-12-03 00:00:02") + ",more",
        event("2019-12-03 00:00:03").replace(" UTC", "+02:00"),
        event("2019-12-32 00:00:04"),
        event("2019-11-30 23:59:59"),
        event("2019-12-03 00:00:05", "look"),
        event("2019-12-03 00:00:06", product="1.5"),
        event("2019-12-03 00:00:07", price="nan"),
        event("2019-12-03 00:00:08", price=""),
        event("2019-12-03 00:00:09", user=""),
    ]
    frame = features(tmp_path, {"2019-Dec": [good, *bad]})

    assert frame["n_events_history"].to_list() == [1]


def test_only_events_before_the_reference_date_and_in_its_seven_months_count(tmp_path):
    frame = features(
        tmp_path,
        {
            "2019-May": [event("2019-05-31 23:59:59")],
            "2019-Jun": [event("2019-06-01 00:00:00")],
            "2019-Dec": [event("2019-12-16 23:59:59"), event("2019-12-17 00:00:00")],
        },
        as_of=date(2019, 12, 17),
    )

    expect(only(frame), n_events_history=2, tenure_days=199, number_of_events_2m=1, recency_days=1)


def test_a_customer_who_was_away_keeps_a_row_of_zeros_and_nulls(tmp_path):
    frame = features(tmp_path, {"2019-Oct": [event("2019-10-31 23:59:59")]})

    away = only(frame)
    expect(away, number_of_events_2m=0, monetary_2m=0.0, repeat_product_share_2m=0.0)
    expect(away, holiday_share_2m=None, share_top_unknown_2m=0.0, avg_price_2m=None)
    expect(away, holiday_lift_2m=None, number_of_sessions_5m=1, n_brands_2m=0)


def test_the_calendar_of_2019(tmp_path):
    november = [event(f"2019-11-{day:02d} 00:00:00", user=1100 + day) for day in range(1, 31)]
    december = [event(f"2019-12-{day:02d} 00:00:00", user=1200 + day) for day in range(1, 32)]
    frame = features(tmp_path, {"2019-Nov": november, "2019-Dec": december})

    users = [*range(1101, 1131), *range(1201, 1232)]
    found = {user for user in users if only(frame, user)["holiday_share_2m"] == 1.0}
    calendar = {1111, 1114, 1115, 1116, 1117, 1129, 1130, 1201, 1202, *range(1220, 1232)}
    assert found == calendar


@pytest.mark.parametrize(("customers", "suspect"), [(20, False), (21, True)])
def test_a_session_of_more_than_twenty_customers_is_of_no_person(tmp_path, customers, suspect):
    lines = [event("2019-12-01 00:00:00", user=user) for user in range(1, customers + 1)]
    frame = features(
        tmp_path, {"2019-Dec": [*lines, event("2019-12-02 00:00:00", user=99, session="b")]}
    )

    assert frame["is_bot_suspect"].sum() == customers * suspect


@pytest.mark.parametrize("sessions", [1, 301])
@pytest.mark.parametrize("events", [500, 501])
def test_more_than_500_events_or_300_sessions_are_no_person(tmp_path, events, sessions):
    lines = [
        event(f"2019-12-{1 + i % 30:02d} 00:{i // 60:02d}:{i % 60:02d}", session=i % sessions)
        for i in range(events)
    ]
    frame = features(tmp_path, {"2019-Dec": lines})

    expect(only(frame), n_events_history=events, is_bot_suspect=events > 500 or sessions > 300)
