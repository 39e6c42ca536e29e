from datetime import date

import pytest

from amazing_assets.customers.calendar import calendar_days
from amazing_assets.dates import as_of, is_month, months_between, trailing_months, window_start


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


def test_the_calendar_holds_the_sales_and_holidays():
    days = calendar_days(date(2019, 10, 1), date(2020, 4, 30))
    november = [day.day for day in days if day.month == 11]
    assert november == [11, 14, 15, 16, 17, 29, 30]
    assert len([day for day in days if day.month == 12]) == 2 + 12
    assert [day for day in days if day.year == 2020] == [
        date(2020, 2, 14),
        date(2020, 2, 23),
        date(2020, 3, 8),
    ]
