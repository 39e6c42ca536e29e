import polars as pl
import pytest

from amazing_assets.customers.charts import customers_by_weeks_away, portrait, weeks_away
from amazing_assets_tests.events.statistics.test_charts import LARGEST, parts_of

FEATURES = pl.LazyFrame(
    {
        "n_events_history": [1, 3, 9],
        "recency_days": [0, 6, 70],
        "tenure_days": [1, 6, 100],
        "number_of_sessions_2m": [1, 2, 0],
        "has_purchased": [False, True, True],
        "is_bot_suspect": [False, False, True],
        "total_purchase_value": [0.0, 10.5, 2.0],
    }
)


def test_a_portrait_counts_customers_and_takes_medians():
    assert dict(portrait(FEATURES).iter_rows()) == {
        "customers": 3,
        "share who have bought": pytest.approx(2 / 3),
        "likely robots": 1,
        "events, median": 3,
        "days since the last visit, median": 6,
        "days known, median": 6,
        "sessions of two months, median": 1,
        "value bought": 12.5,
    }


def test_nobody_has_a_portrait_as_well():
    assert portrait(FEATURES.clear())["value"][0] == 0
    parts_of(customers_by_weeks_away(weeks_away(FEATURES.clear()), "2019-10"))


def test_the_last_visits_are_drawn_by_week_and_buyer():
    counted = weeks_away(FEATURES)
    assert counted.rows() == [(0, False, 1), (0, True, 1), (10, True, 1)]
    png = customers_by_weeks_away(counted, "2019-10")
    parts_of(png)
    assert len(png) < LARGEST
