import polars as pl
import pytest

from amazing_assets.dates import first_day
from amazing_assets.events.contract import RawEvents, RejectedEvents
from amazing_assets.events.reading.floats import ROUNDED, share_rounded
from amazing_assets.events.reading.ingest import ingest
from amazing_assets.landing.zone import LandedFile
from amazing_assets_tests.builders import KEY, event, landed, line, raw
from amazing_assets_tests.demo.broken import rounded_ids
from amazing_assets_tests.events.statistics.test_describe import describe, items

LARGE = 2**60


@pytest.mark.parametrize(
    ("ids", "share"),
    [
        ([LARGE + 256 * n for n in range(10)], 1.0),
        ([LARGE + 256 * n for n in range(9)], None),
        ([*(LARGE + 256 * n for n in range(19)), LARGE + 1], 0.95),
        ([*(LARGE + 256 * n for n in range(9)), LARGE + 1], None),
        ([], None),
    ],
    ids=["all", "too few to say", "nearly all", "nine of ten", "none"],
)
def test_ids_look_rounded_if_enough_of_enough_divide_by_256(ids, share):
    assert share_rounded(pl.Series(ids, dtype=pl.Int64)) == share


def warnings(lake, file):
    with (
        lake.draft("raw_events", "2019-10", RawEvents) as kept,
        lake.draft("rejected_events", "2019-10", RejectedEvents) as rejected,
    ):
        return ingest([LandedFile.at(file)], kept, rejected, month="2019-10", key=KEY).warnings


def test_a_file_of_rounded_ids_is_warned_of(lake, tmp_path):
    file = rounded_ids(tmp_path, first_day("2019-10"))
    assert warnings(lake, file) == (f"2019-Oct.csv: {ROUNDED}",)


def test_one_category_that_divides_by_256_says_nothing(lake, tmp_path):
    file = landed(tmp_path, *[line(category_id=str(LARGE))] * 20)
    assert warnings(lake, file) == ()


@pytest.mark.parametrize("column", ["category_id", "product_id"])
def test_file_and_month_say_the_same_of_the_same_ids(lake, tmp_path, column):
    ids = [LARGE + 256 * n for n in range(12)]
    file = landed(tmp_path, *(line(**{column: str(each)}) for each in ids))
    month = describe(raw(*(event(**{column: each}) for each in ids)))
    assert items(month, "warning") == [ROUNDED]
    assert warnings(lake, file) == (f"2019-Oct.csv: {ROUNDED}",)
