from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from amazing_assets.churn.outcomes import (
    CANCEL,
    PAUSE,
    REACTIVATE,
    TASKS,
    months_after,
    outcomes_after,
    population,
    state,
)

AS_OF = date(2019, 12, 3)
BY_NAME = {task.name: task for task in TASKS}


def visit(user, days, purchases=0, cents=0):
    """A visit some days after the reference date."""
    at = datetime(2019, 12, 3, 12, tzinfo=UTC) + timedelta(days=days)
    return {"user_id": user, "quarter_hour": at, "purchases": purchases, "purchase_cents": cents}


def customer(**fields):
    good = {
        "recency_days": 1,
        "days_active_7m": 10,
        "n_events_history": 100,
        "days_since_last_purchase": 5,
        "is_bot_suspect": False,
    }
    return pl.DataFrame([{**good, **fields}]).cast({"days_since_last_purchase": pl.Int32})


def happened(task, *visits):
    asked = pl.DataFrame({"user_id": [1]})
    outcomes = outcomes_after(pl.LazyFrame(visits, schema=_schema()), AS_OF).collect()
    joined = asked.join(outcomes, on="user_id", how="left")
    return joined.select(BY_NAME[task].happens).item()


def _schema():
    time = pl.Datetime("us", "UTC")
    counts = dict.fromkeys(("purchases", "purchase_cents"), pl.Int64)
    return {"user_id": pl.Int64, "quarter_hour": time, **counts}


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, "active"), (28, "active"), (29, "paused"), (84, "paused"), (85, "lost")],
)
def test_states_are_told_by_the_days_since_the_last_event(days, expected):
    assert customer(recency_days=days).select(state()).item() == expected


@pytest.mark.parametrize(
    ("task", "fields", "asked"),
    [
        (PAUSE, {}, True),
        (PAUSE, {"recency_days": 28}, True),
        (PAUSE, {"recency_days": 29}, False),
        (PAUSE, {"days_active_7m": 2}, False),
        (PAUSE, {"n_events_history": 19}, False),
        (PAUSE, {"is_bot_suspect": True}, False),
        (CANCEL, {"days_since_last_purchase": 84}, True),
        (CANCEL, {"days_since_last_purchase": 85}, False),
        (CANCEL, {"days_since_last_purchase": None}, False),
        (CANCEL, {"is_bot_suspect": True}, False),
        (REACTIVATE, {"recency_days": 28}, False),
        (REACTIVATE, {"recency_days": 29}, True),
        (REACTIVATE, {"recency_days": 140}, True),
        (REACTIVATE, {"recency_days": 141}, False),
    ],
)
def test_each_task_asks_about_its_own_customers(task, fields, asked):
    assert customer(**fields).select(population(task, fewest_events=20)).item() is asked


@pytest.mark.parametrize(
    ("task", "visits", "expected"),
    [
        (PAUSE, [], True),
        (PAUSE, [visit(1, 0)], False),
        (PAUSE, [visit(1, 27)], False),
        (PAUSE, [visit(1, 28)], True),
        (PAUSE, [visit(1, -1)], True),
        (PAUSE, [visit(2, 3)], True),
        (CANCEL, [visit(1, 3)], True),
        (CANCEL, [visit(1, 55, purchases=1)], False),
        (CANCEL, [visit(1, 56, purchases=1)], True),
        (REACTIVATE, [visit(1, 27)], True),
        (REACTIVATE, [visit(1, 28)], False),
        (REACTIVATE, [], False),
    ],
)
def test_what_happens_is_told_by_the_days_of_its_horizon_alone(task, visits, expected):
    assert happened(task, *visits) is expected


def test_later_purchases_are_days_and_their_revenue_is_that_of_56_days():
    visits = [
        visit(1, 3, purchases=2, cents=500),
        visit(1, 3, purchases=1, cents=100),
        visit(1, 55, purchases=1, cents=1_000),
        visit(1, 56, purchases=1, cents=7_000),
    ]
    told = outcomes_after(pl.LazyFrame(visits, schema=_schema()), AS_OF).collect()
    assert told.row(0) == (1, 3, 3, 2, 16.0)


@pytest.mark.parametrize(("task", "days"), [(PAUSE, 28), (CANCEL, 56), (REACTIVATE, 28)])
def test_an_outcome_is_mature_on_the_day_on_which_its_last_day_has_landed(task, days):
    assert BY_NAME[task].is_mature(AS_OF, AS_OF + timedelta(days=days))
    assert not BY_NAME[task].is_mature(AS_OF, AS_OF + timedelta(days=days - 1))


def test_the_months_of_the_longest_horizon_are_those_of_its_56_days():
    assert months_after(date(2019, 12, 3)) == ("2019-12", "2020-01")
    assert months_after(date(2019, 11, 5)) == ("2019-11", "2019-12")
    assert months_after(date(2019, 10, 29)) == ("2019-10", "2019-11", "2019-12")
