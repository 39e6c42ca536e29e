import polars as pl
import pytest

from amazing_assets.segments.profiles.sizes import segment_sizes, sizes_of_segments
from amazing_assets_tests.events.statistics.test_charts import LARGEST, parts_of

ASSIGNMENTS = pl.DataFrame(
    {
        "segment_name": ["Lion", "unclassified", "Ours", "unclassified", "Ours", "unclassified"],
        "reason": [None, "bot_suspect", None, "insufficient_events", None, "insufficient_events"],
    }
)


def test_segments_come_first_and_then_the_reasons_for_none():
    assert segment_sizes(ASSIGNMENTS).rows() == [
        ("Ours", 2, pytest.approx(1 / 3), "a segment"),
        ("Lion", 1, pytest.approx(1 / 6), "a segment"),
        ("(insufficient_events)", 2, pytest.approx(1 / 3), "no segment"),
        ("(bot_suspect)", 1, pytest.approx(1 / 6), "no segment"),
    ]


@pytest.mark.parametrize("rows", [0, 6])
def test_the_sizes_are_drawn(rows):
    png = sizes_of_segments(segment_sizes(ASSIGNMENTS.head(rows)), "2019-10")
    parts_of(png)
    assert len(png) < LARGEST
