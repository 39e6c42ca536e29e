from datetime import date

import pytest

from amazing_assets.customers.calendar import CalendarError, read_calendar, shipped_calendar

HEADER = "name,first_day,last_day,market"


def written(folder, *lines):
    file = folder / "calendar.csv"
    file.write_text("\n".join([HEADER, *lines]) + "\n")
    return file


def test_a_shops_own_calendar_holds_what_it_says_in_the_market_it_says(tmp_path):
    file = written(tmp_path, "Sale,2019-11-01,2019-11-02,", "Feast,2019-11-05,2019-11-05,US")
    calendar = read_calendar(file)
    november = date(2019, 11, 1), date(2019, 11, 30)
    assert calendar.of("main").days(*november) == [date(2019, 11, 1), date(2019, 11, 2)]
    assert calendar.of("US").days(*november)[-1] == date(2019, 11, 5)


def test_the_shipped_calendar_goes_on_for_years():
    assert len(shipped_calendar().days(date(2030, 11, 1), date(2030, 12, 31))) == 1 + 4 + 12


@pytest.mark.parametrize(
    "line",
    [
        "Sale,2019-11-31,2019-12-01,",
        "Sale,2019-11-02,2019-11-01,",
        "Sale",
        "S,2019-01-01,2020-01-01,",
    ],
)
def test_a_line_that_is_no_span_of_days_is_refused_in_one_sentence(tmp_path, line):
    file = written(tmp_path, line)
    with pytest.raises(CalendarError) as refused:
        read_calendar(file)
    assert str(refused.value) == (
        f"Line 2 of the calendar {file} is {line}; write it like Black Friday,2019-11-29,"
        f"2019-12-02, with the market behind another comma, at most 92 days."
    )


def test_a_calendar_that_is_gone_or_has_another_header_is_one_sentence(tmp_path):
    with pytest.raises(CalendarError, match=r"cannot be read .*; correct AMAZING_CALENDAR or"):
        read_calendar(tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("day\n2019-11-01\n")
    with pytest.raises(
        CalendarError, match="has a wrong header, day; its first line must be name,"
    ):
        read_calendar(tmp_path / "other.csv")


def test_other_days_have_a_mark_of_their_own_whatever_they_are_called(tmp_path):
    assert shipped_calendar().mark == ""
    marks = [
        read_calendar(written(tmp_path, line)).of("main").mark
        for line in (
            "Sale,2019-11-01,2019-11-02,",
            "Feast,2019-11-01,2019-11-02,main",
            "Sale,2019-11-01,2019-11-03,",
        )
    ]
    assert marks[0] == marks[1] != marks[2]
    assert all(map(str.isalnum, marks))
