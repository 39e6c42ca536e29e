import numpy as np
import polars as pl

from amazing_assets.churn.risk.features import matrix, view_features
from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.lake.contract import schema_of


def test_models_read_quantities_of_the_view_and_nothing_that_names_or_dates():
    names = set(view_features())
    assert names < set(schema_of(CustomerView))
    assert names >= {"recency_days", "overdue_ratio", "events_wk_1", "events_wk_6", "monetary_2m"}
    named = {"user_id", "segment", "segment_name", "reference_date", "last_event_at", "market"}
    assert not names & (named | {"window_months_available_7m", "preferred_brand"})


def test_nothing_known_and_nothing_finite_are_unknown_alike():
    rows = pl.DataFrame({"a": [1, None], "b": [float("inf"), 2.5], "c": [True, False]})
    expected = [[1.0, np.nan, 1.0], [np.nan, 2.5, 0.0]]
    assert np.array_equal(matrix(rows, ["a", "b", "c"]), expected, equal_nan=True)
    assert matrix(rows, []).shape == (2, 0)
