import pytest

from amazing_assets.commands.outcome import GRID, ONE_GROUP, remarks
from amazing_assets.small_cells import SOME_ARE_HIDDEN


def rows(**segments):
    return [
        {"month": "2019-10", "segment": name.replace("_", " "), "customers": customers}
        for name, customers in segments.items()
    ]


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ({"Lions": 40, "Beavers": 30}, []),
        ({"Lions": 40, "Beavers": None}, [SOME_ARE_HIDDEN]),
        ({"undifferentiated": 40, "(too_few_events)": 30}, [ONE_GROUP]),
        ({"asleep": 40, "loyal_customers": 30}, [GRID]),
        ({"asleep": 40, "Lions": 30}, []),
        ({}, []),
    ],
)
def test_what_rows_do_not_say_is_said_in_a_sentence(segments, said):
    assert remarks(rows(**segments)) == said


def test_a_month_in_which_nobody_has_a_segment_says_so():
    (said,) = remarks(rows(**{"(too_few_events)": 30}))
    assert said == (
        "Nobody has a segment at the end of 2019-10; the reasons stand in brackets, and customers "
        "get theirs once enough of their events have landed."
    )
