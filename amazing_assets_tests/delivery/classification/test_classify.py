from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.dates import as_of, week_end
from amazing_assets.delivery.classification.classify import Classifier
from amazing_assets.delivery.classification.contract import (
    OF_SEGMENTS,
    OF_VECTORS,
    CustomerAnswers,
)
from amazing_assets.delivery.classification.surroundings import surroundings
from amazing_assets.lake.contract import find_faults, schema_of
from amazing_assets_tests.builders import event, raw
from amazing_assets_tests.classified import MONTHS, WEEK, stores_of

END = as_of(MONTHS[-1])


@pytest.fixture(scope="module")
def champions(classified_home):
    return stores_of(classified_home.warehouse.parent).read()


@pytest.fixture(scope="module")
def classifier(classified_home, champions):
    return Classifier(champions, surroundings(classified_home.lake, END))


@pytest.fixture(scope="module")
def raw_events(classified_home):
    return classified_home.lake.scan("raw_events", *MONTHS).collect()


def test_every_customer_of_a_month_gets_the_segment_that_the_warehouse_has(
    classified_home, classifier, raw_events
):
    assigned = classified_home.figures("segment_assignments", MONTHS[-1]).sort("user_id")
    told = classifier.classify(raw_events)
    columns = ["user_id", *OF_SEGMENTS, "model_version"]
    assert assigned["reason"].unique().len() == 3
    assert_frame_equal(told.select(columns), assigned.select(columns), rel_tol=1e-12)


def test_every_customer_of_a_week_gets_the_vector_that_the_lake_has(
    classified_home, champions, raw_events
):
    vectors = classified_home.lake.scan("next_action_vectors", WEEK).collect().sort("user_id")
    at = Classifier(champions, surroundings(classified_home.lake, week_end(WEEK)))
    told = at.classify(raw_events).filter(pl.col("n_context").is_not_null())
    columns = ["user_id", *OF_VECTORS]
    assert told.height > 400
    assert_frame_equal(told.select(columns), vectors.select(columns), abs_tol=1e-6)


def test_a_customer_alone_is_answered_as_among_all(classifier, raw_events):
    everybody = classifier.classify(raw_events)
    some = everybody["user_id"].gather_every(40)
    alone = [classifier.classify(raw_events.filter(pl.col("user_id") == each)) for each in some]
    among = everybody.filter(pl.col("user_id").is_in(some.implode()))
    assert_frame_equal(pl.concat(alone), among, abs_tol=1e-6)


def test_the_order_of_events_and_copies_of_them_change_nothing(classifier, raw_events):
    again = pl.concat([raw_events, raw_events.head(1_000)]).sample(fraction=1, shuffle=True, seed=1)
    once = classifier.classify(raw_events)
    assert_frame_equal(classifier.classify(again), once, rel_tol=1e-9)


def test_what_is_answered_keeps_its_contract(classifier, raw_events):
    told = classifier.classify(raw_events)
    assert told.schema == schema_of(CustomerAnswers)
    assert not find_faults(CustomerAnswers.to_schema(), told)


def of(user_id, *moments):
    return [event(user_id=user_id, event_time=moment) for moment in moments]


def test_who_gets_no_segment_is_told_why(classifier):
    long_ago, later = datetime(2019, 3, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)
    lately = datetime(2019, 12, 5, tzinfo=UTC)
    second = timedelta(seconds=1)
    events = raw(
        *of(1, lately, lately + second),
        *of(2, *[lately + n * second for n in range(501)]),
        *of(3, *[long_ago + n * second for n in range(40)]),
        *of(4, later),
    )
    told = classifier.classify(events)
    assert told["reason"].to_list() == [
        "insufficient_events",
        "bot_suspect",
        "dormant_out_of_window",
        "insufficient_events",
    ]
    assert told["segment_name"].unique().to_list() == ["unclassified"]
    assert told["n_context"].is_null().to_list() == [False, False, True, True]
    assert told["name_en"].to_list()[2] == "(not active in the window)"


def test_what_happens_from_the_reference_date_on_does_not_count(classifier, raw_events):
    customer = raw_events["user_id"].mode().min()
    mine = raw_events.filter(pl.col("user_id") == customer)
    later = mine.with_columns(event_time=pl.lit(datetime(2020, 1, 1, tzinfo=UTC)))
    told = classifier.classify(pl.concat([mine, later]).cast(raw_events.schema))
    assert_frame_equal(told, classifier.classify(mine))


def test_nobody_is_answered_for_nothing(classifier):
    assert classifier.classify(raw()).height == 0


def test_a_session_of_a_crowd_counts_in_the_month_in_which_it_was_one(classifier):
    crowd = pl.DataFrame({"month": [date(2019, 11, 1)], "user_session": ["shared"]})
    known = Classifier(
        classifier.champions,
        type(classifier.surroundings)(END, MONTHS, classifier.surroundings.prices, crowd),
    )
    seconds = [timedelta(seconds=n) for n in range(30)]
    first = datetime(2019, 11, 3, tzinfo=UTC)
    then = datetime(2019, 12, 3, tzinfo=UTC)
    events = raw(
        *[event(user_id=1, user_session="shared", event_time=first + each) for each in seconds],
        *[event(user_id=2, user_session="shared", event_time=then + each) for each in seconds],
    )
    assert known.classify(events)["reason"].to_list() == ["bot_suspect", None]
