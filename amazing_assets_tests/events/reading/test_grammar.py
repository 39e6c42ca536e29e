from datetime import UTC, datetime

import polars as pl
import pytest

from amazing_assets.events.reading.grammar import is_inside, moment, without_words

NOON = datetime(2019, 10, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-10-01 12:00:00 UTC", NOON),
        ("2019-10-01 12:00:00+00:00", NOON),
        ("2019-10-01 12:00:00", None),
        ("2019-10-01 12:00:00+02:00", None),
        ("2019-10-01T12:00:00 UTC", NOON),
        ("2019-10-01 12:00:00 utc", NOON),
        ("2019-10-01T12:00:00Z", NOON),
        ("2019-10-01t12:00:00z", NOON),
        ("2019-10-01 12:00:00.999999 UTC", NOON),
        ("2019-10-01T12:00:00.5+00:00", NOON),
        ("2019-10-01T12:00:00+0000", NOON),
        ("2019-10-01 12:00:00+00", NOON),
        ("2019-10-01 12:00:00-00:00", NOON),
        ("2019-10-01 12:00:00 +0000 UTC", NOON),
        ("20191001T120000Z", NOON),
        (" 2019-10-01 12:00:00 UTC ", NOON),
        ("2019-10-01T12:00:00", None),
        ("2019-10-01T12:00:00+0200", None),
        ("2019-10-01T12:00:00-05", None),
        ("2019-10-01T12:00Z", None),
        ("2019-13-01T12:00:00Z", None),
        ("1569931200", None),
        ("1569931200000", None),
        ("01/10/2019 12:00:00", None),
        ("2019-10-1 12:00:00 UTC", None),
        ("2019-10-32 12:00:00 UTC", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_a_date_a_clock_and_utc(text, expected):
    others = ["2019-10-01 12:00:00 UTC", "2019-10-01T12:00:00Z", "x"]
    times = pl.DataFrame({"event_time": [text, *others]}, schema={"event_time": pl.String})
    found = times.select(moment("event_time")).to_series().to_list()
    assert found == [expected, NOON, NOON, None]


def test_a_month_begins_with_its_first_second_and_ends_before_the_next():
    seconds = (
        datetime(2019, 9, 30, 23, 59, 59, tzinfo=UTC),
        datetime(2019, 10, 1, tzinfo=UTC),
        datetime(2019, 10, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2019, 11, 1, tzinfo=UTC),
    )
    times = pl.DataFrame({"at": pl.Series(seconds).cast(pl.Datetime("us", "UTC"))})
    inside = times.select(is_inside(pl.col("at"), "2019-10")).to_series()
    assert inside.to_list() == [False, True, True, False]


def test_words_for_nothing_are_those_and_no_parts_of_names():
    texts = pl.Series("brand", ["Null", " none ", r"\N", "NaN", "None of us", "nano", "", None])
    found, words = without_words(texts)
    assert found.to_list() == [None, None, None, None, "None of us", "nano", "", None]
    assert words == 4
