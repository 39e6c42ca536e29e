from datetime import date

import pytest

from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.lake.contract import schema_of
from amazing_assets.privacy.retention.lives import LIFE_OF_TABLES, Lives
from amazing_assets.quantities import RETAINED

ALL = dict.fromkeys(RETAINED, 12)


@pytest.mark.parametrize(
    ("today", "is_over"), [(date(2020, 10, 31), False), (date(2020, 11, 1), True)]
)
def test_the_life_of_a_month_begins_when_the_month_ends(today, is_over):
    assert Lives(ALL, today).is_over("scores", "2019-10") is is_over


def test_the_life_of_a_week_begins_when_the_week_ends():
    lives = Lives(ALL, date(2020, 10, 31))
    assert lives.is_over("scores", "2019-09-24")
    assert not lives.is_over("scores", "2019-10-01")


def test_what_is_not_named_lives_for_ever():
    assert not Lives({"scores": 1}, date(2099, 1, 1)).is_over("features", "2019-10")


def test_what_the_newest_month_looks_back_on_is_kept_as_long_as_that_month():
    lives = Lives({"raw_events": 3, "clean_events": 3}, date(2020, 6, 20), newest="2020-05")
    months = ("2019-09", "2019-10", "2019-11", "2020-03")
    assert [lives.is_over("clean_events", month) for month in months] == [True, True, False, False]
    assert not lives.is_over("raw_events", "2019-11")
    after = Lives({"clean_events": 3}, date(2020, 9, 1), newest="2020-05")
    assert after.is_over("clean_events", "2019-11")
    assert after.is_over("clean_events", "2020-05")


def test_scores_are_looked_back_on_by_nobody():
    assert Lives({"scores": 3}, date(2020, 6, 20), newest="2020-05").is_over("scores", "2019-12")


@pytest.mark.parametrize(
    ("name", "is_over"),
    [
        ("/2019-10/segments-2019-10-fr.pdf", True),
        ("/contact_lists/2019-10-22/pause.csv", True),
        ("/contact_lists/2020-10-20/pause.csv", False),
        ("/told.txt", False),
    ],
)
def test_a_file_is_of_the_day_in_its_name_however_late_it_was_written(name, is_over):
    lives = Lives(ALL, date(2020, 11, 26))
    assert lives.is_over_of("reports", name, date(2020, 11, 25)) is is_over


def test_every_table_that_is_about_customers_has_a_life():
    about_customers = {
        name for name, contract in {**LAKE, **WAREHOUSE}.items() if "user_id" in schema_of(contract)
    }
    assert about_customers <= LIFE_OF_TABLES.keys()
    assert set(LIFE_OF_TABLES.values()) < set(RETAINED)
