from datetime import UTC, datetime

import polars as pl
import pytest

from amazing_assets.customers.features.modes import most_frequent

EARLY, LATE = (datetime(2019, 10, day, tzinfo=UTC) for day in (1, 2))


@pytest.mark.parametrize(
    ("winner", "other"),
    [
        ((2, 0, EARLY, "z"), (1, 1, LATE, "a")),
        ((1, 1, EARLY, "z"), (1, 0, LATE, "a")),
        ((1, 0, LATE, "z"), (1, 0, EARLY, "a")),
        ((1, 0, EARLY, "a"), (1, 0, EARLY, "z")),
    ],
    ids=["more events", "then more purchases", "then the later", "then by name"],
)
def test_the_most_frequent_value_is_the_same_in_any_order(winner, other):
    names = ["events", "purchases", "last_event_at", "brand"]
    rows = pl.DataFrame([winner, other], schema=names, orient="row").with_columns(user_id=1)
    for order in ([0, 1], [1, 0]):
        assert most_frequent(rows[order].lazy(), "brand").collect()["brand"].item() == winner[3]


def test_an_unknown_value_is_no_candidate():
    rows = pl.LazyFrame(
        {
            "user_id": [1, 1, 2],
            "brand": [None, "acme", None],
            "events": [5, 1, 5],
            "purchases": [0, 0, 0],
            "last_event_at": [EARLY, EARLY, EARLY],
        }
    )
    assert most_frequent(rows, "brand").collect().rows() == [(1, "acme")]
