import polars as pl
import pytest

from amazing_assets.customers.charts import customers_by_weeks_away, portrait, weeks_away
from amazing_assets.pictures import png
from amazing_assets_tests.specifications import encoded, rows, titles

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
    chart = customers_by_weeks_away(weeks_away(FEATURES.clear()), "end of 2019-10")
    assert titles(chart.to_dict())[0] == "0 customers by their last visit, end of 2019-10"
    assert png(chart)


def test_the_last_visits_are_drawn_by_week_and_buyer():
    counted = weeks_away(FEATURES)
    assert counted.rows() == [(0, False, 1), (0, True, 1), (10, True, 1)]
    spec = customers_by_weeks_away(counted, "end of 2019-10").to_dict()
    assert encoded(spec) == {"x": "weeks", "y": "customers", "color": "buyer"}
    assert rows(spec) == [
        {"weeks": 0, "buyer": "have not", "customers": 1},
        {"weeks": 0, "buyer": "have bought", "customers": 1},
        {"weeks": 10, "buyer": "have bought", "customers": 1},
    ]
    assert titles(spec)[0] == "3 customers by their last visit, end of 2019-10"
