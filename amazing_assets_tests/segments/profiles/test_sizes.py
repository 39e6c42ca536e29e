import polars as pl
import pytest

from amazing_assets.pictures import png
from amazing_assets.segments.profiles.sizes import segment_sizes, sizes_of_segments
from amazing_assets_tests.specifications import encoded, parts, rows, titles

ASSIGNMENTS = pl.DataFrame(
    {
        "segment_name": ["lion", "unclassified", "bears", "unclassified", "bears", "unclassified"],
        "name_status": ["settled", None, "provisional", None, "provisional", None],
        "name_traits": pl.Series([None] * 6, dtype=pl.String),
        "margin": [1.0, None, 0.25, None, 0.75, None],
        "reason": [None, "bot_suspect", None, "insufficient_events", None, "insufficient_events"],
    }
)


def test_segments_come_first_and_then_the_reasons_for_none():
    assert segment_sizes(ASSIGNMENTS).rows() == [
        ("Bears (provisional name)", 2, pytest.approx(1 / 3), 0.5, "a segment"),
        ("Lions", 1, pytest.approx(1 / 6), 1.0, "a segment"),
        ("(too few events)", 2, pytest.approx(1 / 3), None, "no segment"),
        ("(looks like a bot)", 1, pytest.approx(1 / 6), None, "no segment"),
    ]


def test_the_sizes_are_drawn_in_their_order_with_their_shares():
    sizes = segment_sizes(ASSIGNMENTS)
    spec = sizes_of_segments(sizes, "2019-10").to_dict()
    bars, labels = parts(spec)
    assert encoded(bars) == {"y": "segment", "x": "customers", "color": "kind"}
    assert encoded(labels) == {"y": "segment", "x": "customers", "text": "share"}
    assert bars["encoding"]["y"]["sort"] == sizes["segment"].to_list()
    assert rows(spec) == sizes.to_dicts()
    assert titles(spec)[0] == "6 customers by segment, end of 2019-10"


def test_a_month_without_customers_can_be_drawn_as_well():
    chart = sizes_of_segments(segment_sizes(ASSIGNMENTS.clear()), "2019-10")
    assert titles(chart.to_dict())[0] == "0 customers by segment, end of 2019-10"
    assert png(chart)
