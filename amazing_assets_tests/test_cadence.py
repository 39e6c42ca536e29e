from datetime import date

import pytest

from amazing_assets.cadence import MONTHLY, WEEKLY, cadence_of


def test_the_form_of_a_key_tells_its_cadence():
    assert cadence_of("2019-10") is MONTHLY
    assert cadence_of("2019-10-01") is WEEKLY


@pytest.mark.parametrize("key", ["2019-10-02", "2019-13", "october", ""])
def test_what_is_no_month_and_no_tuesday_is_no_key(key):
    with pytest.raises(ValueError, match=f"{key} is neither a month"):
        cadence_of(key)


def test_a_folder_names_the_cadence_and_the_key():
    assert MONTHLY.folder("2019-10") == "month=2019-10"
    assert WEEKLY.folder("2019-10-01") == "week=2019-10-01"


def test_a_history_ends_with_the_partition_and_begins_with_a_month():
    assert MONTHLY.history_start("2020-04") == date(2019, 10, 1)
    assert WEEKLY.history_start("2020-04-21") == date(2019, 10, 1)
    assert WEEKLY.history_start("2020-04-28") == date(2019, 11, 1)
