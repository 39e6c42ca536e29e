"""Null worlds: what every customer keeps, what changes hands, and what stays on average."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.segments.visits.dealing import COMMON, CONTENT, Skeleton
from amazing_assets.segments.visits.parts import with_visit
from amazing_assets_tests.segments.laws import Law, world

MONTHS = ("2019-10", "2019-11")


@pytest.fixture(scope="module")
def events():
    return world(Law("lognormal", long=0.05, taste=0.8), 300, MONTHS, seed=1)[0]


def visits(events):
    """Of each visit its first day and its length."""
    by_visit = with_visit(events.lazy()).group_by("user_id", "visit")
    day = pl.col("event_time").min().dt.date()
    return by_visit.agg(day=day, length=pl.len()).drop("visit").sort(pl.all()).collect()


def contents(events, *more):
    """What is done, whoever does it."""
    return events.select(*CONTENT, *more).sort(pl.all())


def test_every_visit_keeps_its_customer_its_day_and_its_length(events):
    assert_frame_equal(visits(Skeleton.of(events).dealt(0)), visits(events))


def test_nothing_is_done_more_or_less_often_in_any_month(events):
    month = pl.col("event_time").dt.strftime("%Y-%m").alias("month")
    for each in MONTHS:
        there, here = (f.filter(month == each) for f in (Skeleton.of(events).dealt(0), events))
        # A visit that runs over midnight at a month's end keeps the month of its first event.
        assert abs(there.height - here.height) <= 5
    assert_frame_equal(contents(Skeleton.of(events).dealt(0)), contents(events))


def test_hours_go_with_what_is_done(events):
    hour = pl.col("event_time").dt.time().alias("time")
    assert_frame_equal(contents(Skeleton.of(events).dealt(0), hour), contents(events, hour))


def test_a_visit_stays_together_where_enough_are_as_long(events):
    lengths = visits(events).group_by(pl.col("day").dt.month(), "length").len()
    common = set(lengths.filter(pl.col("len") >= COMMON)["length"])
    assert 1 in common

    def baskets(frame):
        numbered = with_visit(frame.lazy()).collect().sort("user_id", "visit", "event_time")
        lists = numbered.group_by("user_id", "visit", maintain_order=True).agg("product_id")
        short = lists.filter(pl.col("product_id").list.len() == 2)
        return sorted(map(tuple, short["product_id"].to_list()))

    assert baskets(Skeleton.of(events).dealt(0)) == baskets(events)


def test_customers_lose_their_taste(events):
    def spread(frame):
        means = frame.group_by("user_id").agg(pl.col("price_cents").mean(), pl.len())
        return means.filter(pl.col("len") >= 30)["price_cents"].std()

    assert spread(Skeleton.of(events).dealt(0)) < 0.7 * spread(events)


def test_the_same_seed_deals_alike_and_another_one_otherwise(events):
    assert_frame_equal(Skeleton.of(events).dealt(1), Skeleton.of(events).dealt(1))
    assert not Skeleton.of(events).dealt(1).equals(Skeleton.of(events).dealt(2))
