from datetime import UTC, datetime

import polars as pl
import pytest

from amazing_assets.events.reading.grammar import is_inside, moment

NOON = datetime(2019, 10, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-10-01 12:00:00 UTC", NOON),
        ("2019-10-01 12:00:00+00:00", NOON),
        ("2019-10-01 12:00:00", None),
        ("2019-10-01 12:00:00+02:00", None),
        ("2019-10-01T12:00:00 UTC", None),
        ("2019-10-1 12:00:00 UTC", None),
        ("2019-10-01 12:00:00 utc", None),
        ("2019-10-32 12:00:00 UTC", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_a_date_a_clock_and_utc(text, expected):
    times = pl.DataFrame({"event_time": [text]}, schema={"event_time": pl.String})
    assert times.select(moment("event_time")).to_series().to_list() == [expected]


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
