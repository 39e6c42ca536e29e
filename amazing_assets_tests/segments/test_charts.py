import polars as pl
import pytest

from amazing_assets.segments.profiles.sizes import segment_sizes, sizes_of_segments
from amazing_assets_tests.events.statistics.test_charts import LARGEST, parts_of

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


@pytest.mark.parametrize("rows", [0, 6])
def test_the_sizes_are_drawn(rows):
    png = sizes_of_segments(segment_sizes(ASSIGNMENTS.head(rows)), "2019-10")
    parts_of(png)
    assert len(png) < LARGEST
