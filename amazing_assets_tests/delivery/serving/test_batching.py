import asyncio
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.delivery.serving.batching import Batches, apart, together
from amazing_assets.delivery.serving.bodies import Asked
from amazing_assets.delivery.serving.limits import Limits
from amazing_assets.delivery.serving.problems import ProblemError
from amazing_assets_tests.builders import event, raw
from amazing_assets_tests.delivery.serving.services import serving_of

DAY = date(2019, 11, 1)


def history(user_id, events):
    first = datetime(2019, 10, 1, tzinfo=UTC)
    times = [first + n * timedelta(hours=7) for n in range(events)]
    return raw(*[event(user_id=user_id, event_time=each) for each in times])


@pytest.fixture(scope="module")
def classify(classified_home):
    return serving_of(classified_home).classify


def answers(classify, asked, limits=None):
    """What a service of its own answers to requests of one moment; an error stands for itself."""

    async def all_at_once():
        batches = Batches(classify, limits or Limits())
        work = asyncio.create_task(batches.work())
        told = await asyncio.gather(*map(batches.answer, asked), return_exceptions=True)
        work.cancel()
        return told

    return asyncio.run(all_at_once())


def test_requests_of_one_moment_are_answered_each_as_alone(classify):
    asked = [Asked(history(7, 60), DAY), Asked(history(7, 3), DAY), Asked(history(8, 60), DAY)]
    asked.append(Asked(history(7, 60), date(2019, 10, 8)))
    told = answers(classify, asked)
    alone = [answers(classify, [each])[0] for each in asked]
    for one, other in zip(told, alone, strict=True):
        assert_frame_equal(one.customers, other.customers, abs_tol=1e-6)
    assert [one.customers["user_id"].to_list() for one in told] == [[7], [7], [8], [7]]
    assert [one.customers["reason"].to_list() for one in told][:2] == [
        [None],
        ["insufficient_events"],
    ]
    assert [one.reference_date for one in told] == [DAY, DAY, DAY, date(2019, 10, 8)]


def test_nobodys_request_fails_for_what_stands_in_anothers(classify):
    def picky(events, as_of, ids):
        if 500 in events["price_cents"]:
            raise ValueError("a price that nobody foresaw")
        return classify(events, as_of, ids)

    odd = history(9, 4).with_columns(price_cents=pl.lit(500, pl.Int64))
    good, bad = answers(picky, [Asked(history(7, 60), DAY), Asked(odd, DAY)])
    assert good.customers["user_id"].to_list() == [7]
    assert isinstance(bad, ValueError)


def test_more_than_may_wait_are_sent_away(classify):
    asked = [Asked(history(7, 3), DAY)] * 3
    *told, last = answers(classify, asked, Limits(waiting=2))
    assert [one.customers.height for one in told] == [1, 1]
    assert isinstance(last, ProblemError)
    assert (last.status, last.headers) == (429, {"Retry-After": "1"})


def test_what_takes_too_long_is_given_up(classify):
    (late,) = answers(classify, [Asked(history(7, 3), DAY)], Limits(seconds=0.0001))
    assert (late.status, late.headers) == (504, {"Retry-After": "1"})


def test_customers_of_different_requests_have_different_numbers():
    events, ids = together([history(7, 2), pl.concat([history(9, 1), history(7, 1)])])
    assert events["user_id"].to_list() == [0, 0, 2, 1]
    assert ids.rows() == [(0, 0, 7), (1, 1, 7), (2, 1, 9)]
    told = apart(pl.DataFrame({"user_id": [0, 1, 2], "segment": [5, 6, 4]}), ids, 2)
    assert [each.rows() for each in told] == [[(7, 5)], [(7, 6), (9, 4)]]
