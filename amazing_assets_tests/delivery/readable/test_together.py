"""All that is known of a customer in one row of the copy."""

from datetime import date

import duckdb
import polars as pl
import pytest

from amazing_assets.dates import WEEK
from amazing_assets.delivery.readable.copy import ReadableCopy
from amazing_assets_tests.delivery.lists.scored import WEEK_OF, scores, values
from amazing_assets_tests.delivery.readable.viewed import CONTRACTS, viewed


@pytest.fixture
def copy(lake, tmp_path):
    return ReadableCopy(tmp_path / "warehouse.duckdb", viewed(lake), CONTRACTS, patience=5)


def store(copy, **tables):
    with duckdb.connect(str(copy.warehouse)) as warehouse:
        warehouse.execute("create schema if not exists amazing")
        for name, frame in tables.items():
            warehouse.register("frame", frame.to_arrow())
            warehouse.execute(f"create or replace table amazing.{name} as select * from frame")


def ask(copy, columns):
    with duckdb.connect(str(copy.file), read_only=True) as connection:
        return connection.execute(
            f"select {columns} from amazing.customer_360 order by user_id"
        ).fetchall()


def test_the_newest_scores_and_values_stand_beside_everybody_of_the_newest_view(copy):
    earlier = {"week": WEEK_OF - WEEK, "probability": 0.99}
    asked = scores(
        {"user_id": 1, "probability": 0.25},
        {"user_id": 1, "task": "cancel", "probability": 0.75, "is_holdout": True},
        {"user_id": 2, **earlier},
    )
    worths = values({"user_id": 2, "expected_revenue": 12.5})
    store(copy, churn_scores=asked, customer_value=worths)
    copy.refresh()
    found = ask(
        copy, "user_id, pause_probability, cancel_probability, is_holdout, expected_revenue"
    )
    assert found == [(1, 0.25, 0.75, True, None), (2, None, None, None, 12.5), (3, *[None] * 4)]
    assert ask(copy, "reference_date") == [(date(2019, 10, 22),)] * 3


def test_without_scores_everybody_is_there_all_the_same(copy):
    store(copy, other=pl.DataFrame({"a": [1]}))
    copy.refresh()
    assert ask(copy, "user_id, pause_band, expected_revenue") == [
        (1, None, None),
        (2, None, None),
        (3, None, None),
    ]
