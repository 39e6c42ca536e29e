from datetime import date, timedelta

import pytest

from amazing_assets.customers.calendar import shipped_calendar
from amazing_assets.dates import (
    as_of,
    is_month,
    is_week,
    month_of,
    months_between,
    months_of_week,
    trailing_months,
    week_end,
    weeks_ending_in,
    window_start,
)


def test_a_month_is_seen_from_the_day_after_it():
    assert as_of("2019-10") == date(2019, 11, 1)
    assert as_of("2019-12") == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("reference", "months", "start"),
    [
        (date(2019, 11, 1), 1, date(2019, 10, 1)),
        (date(2019, 11, 1), 2, date(2019, 9, 1)),
        (date(2020, 5, 1), 7, date(2019, 10, 1)),
        (date(2020, 2, 18), 2, date(2020, 1, 1)),
    ],
)
def test_a_window_is_whole_months(reference, months, start):
    assert window_start(reference, months) == start


def test_months_run_across_years():
    assert months_between("2019-11", "2020-02") == ("2019-11", "2019-12", "2020-01", "2020-02")
    assert trailing_months("2020-04")[0] == "2019-10"


@pytest.mark.parametrize("text", ["2019-13", "2019-1", "19-01", "2019-10-01", "", "2019-10 "])
def test_other_texts_are_no_months(text):
    assert not is_month(text)


def test_a_week_is_seen_from_the_tuesday_after_it():
    assert week_end("2019-10-29") == date(2019, 11, 5)
    assert months_of_week("2019-10-29") == ("2019-10", "2019-11")
    assert months_of_week("2019-12-31") == ("2019-12", "2020-01")
    # Its last day is a Monday, the 30th of September.
    assert months_of_week("2024-09-24") == ("2024-09",)


@pytest.mark.parametrize("text", ["2019-10-02", "2019-02-30", "2019-10", "20191001", ""])
def test_other_texts_are_no_weeks(text):
    assert is_week("2019-10-01")
    assert not is_week(text)


def test_every_week_ends_in_one_month():
    months = months_between("2018-01", "2029-12")
    found = [week for month in months for week in weeks_ending_in(month)]
    assert [week_end(week).isoformat() for week in found[:-1]] == found[1:]
    assert (found[0], found[-1]) == ("2017-12-26", "2029-12-25")
    for month in months:
        last_days = [week_end(week) - timedelta(days=1) for week in weeks_ending_in(month)]
        assert {month_of(day) for day in last_days} == {month}


def test_the_calendar_holds_the_sales_and_holidays():
    days = shipped_calendar().days(date(2019, 10, 1), date(2020, 4, 30))
    november = [day.day for day in days if day.month == 11]
    assert november == [11, 14, 15, 16, 17, 29, 30]
    assert len([day for day in days if day.month == 12]) == 2 + 12
    assert [day for day in days if day.year == 2020] == [
        date(2020, 2, 14),
        date(2020, 2, 23),
        date(2020, 3, 8),
    ]
