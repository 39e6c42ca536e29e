from dataclasses import replace
from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from amazing_assets.demo.calendar import month_range
from amazing_assets.demo.world import WorldSettings, generate

from . import reader

SMALL = WorldSettings(customers=200, months=month_range(date(2020, 1, 1), date(2020, 2, 1)))


def contents(folder, settings):
    truth = generate(folder, settings)
    paths = (*truth.files, truth.customers, truth.dirt)
    return {path.name: path.read_bytes() for path in paths}


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    assert contents(tmp_path / "one", SMALL) == contents(tmp_path / "two", SMALL)


def test_another_seed_writes_another_world(tmp_path):
    one = contents(tmp_path / "one", SMALL)
    two = contents(tmp_path / "two", replace(SMALL, seed=8))
    assert all(one[name] != two[name] for name in one)


def test_gzip_and_parts_hold_the_same_lines_as_one_plain_file(tmp_path):
    plain = generate(tmp_path / "plain", replace(SMALL, compress=False))
    parts = generate(tmp_path / "parts", replace(SMALL, parts=3))
    assert [path.name for path in plain.files] == ["2020-Jan.csv", "2020-Feb.csv"]
    assert parts.files[1].name == "2020-Jan.part2.csv.gz"
    assert plain.dirt.read_text() == parts.dirt.read_text()
    together = [line for path in plain.files for line in reader.lines(path)]
    assert together == [line for path in parts.files for line in reader.lines(path)]


def test_gzip_headers_hold_neither_time_nor_name(autumn):
    assert {path.read_bytes()[3:8] for path in autumn.files} == {bytes(5)}


def test_only_the_second_file_ends_in_the_middle_of_a_line(tmp_path):
    files = generate(tmp_path, replace(SMALL, compress=False)).files
    assert [path.read_text().endswith("\n") for path in files] == [True, False]
    assert len(reader.lines(files[1])[-1]) == 40


def test_months_that_leave_a_gap_are_refused():
    with pytest.raises(ValueError, match="consecutive months"):
        WorldSettings(months=(date(2019, 10, 1), date(2019, 12, 1)))


def test_progress_tells_the_month_and_the_rows_so_far(tmp_path):
    told = []
    truth = generate(tmp_path, SMALL, lambda month, rows: told.append((month, rows)))
    assert told[-1] == ("2020-02", truth.rows_written)
    assert len(told) == 31 + 29
    assert all(before[1] <= after[1] for before, after in pairwise(told))


def test_a_single_month_works_in_both_dialects(tmp_path):
    for dialect in ("multicat", "cosmetics"):
        settings = replace(SMALL, months=SMALL.months[:1], dialect=dialect)
        assert generate(tmp_path / dialect, settings).rows_kept > 1_000


def test_a_scaled_world_has_more_events_of_as_many_customers(tmp_path):
    once = generate(tmp_path / "once", SMALL)
    thrice = generate(tmp_path / "thrice", replace(SMALL, events_scale=3.0))
    assert 2 < thrice.rows_kept / once.rows_kept < 3.5


def test_files_are_sorted_by_time(autumn_events):
    times = autumn_events["event_time"]
    assert times.is_sorted()


def test_the_missing_day_is_missing_and_no_other(autumn_events):
    days = set(reader.days(autumn_events))
    whole = pl.date_range(date(2019, 10, 1), date(2019, 12, 31), eager=True)
    assert set(whole) - days == {date(2019, 11, 15)}


def test_the_log_is_silent_for_two_hours_on_the_first_of_october(autumn_events):
    minute = pl.col("event_time").dt.hour().cast(pl.Int32) * 60 + pl.col("event_time").dt.minute()
    first = autumn_events.filter(pl.col("event_time").dt.date() == date(2019, 10, 1))
    assert len(first.filter(minute.is_between(20, 134))) <= 3
    assert len(first.filter(minute.is_between(135, 260))) > 10


def test_the_sale_sells_seven_times_as_much(autumn_events):
    sold = autumn_events.filter(event_type="purchase", month="2019-11")
    days = reader.days(sold)
    usual = pl.Series(list(days.values())).median()
    assert 5.5 < days[date(2019, 11, 17)] / usual < 9
    assert 2 < days[date(2019, 11, 16)] / usual < 4


def test_one_cart_of_the_sale_comes_seventy_eight_times(autumn_events):
    carts = autumn_events.filter(event_type="cart")
    most = carts.group_by(pl.all()).len().sort("len").tail(1)
    assert most["len"].item() == 78
    assert date(2019, 11, 14) <= most["event_time"].item().date() <= date(2019, 11, 17)


def test_the_taxonomy_changes_in_december(autumn_events):
    events = autumn_events.filter(event_type="view")
    november, december = (events.filter(month=month) for month in ("2019-11", "2019-12"))
    assert november["category_code"].null_count() / len(november) == pytest.approx(0.33, abs=0.04)
    assert december["category_code"].null_count() / len(december) == pytest.approx(0.10, abs=0.03)
    assert "construction.tools.light" not in november["category_code"]
    assert "electronics.smartphone" not in december["category_code"]
    codes = events.group_by("month", "category_id").agg(pl.col("category_code").n_unique())
    assert codes["category_code"].max() == 1
