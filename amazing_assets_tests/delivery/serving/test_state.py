from datetime import date

import pytest
from polars.testing import assert_frame_equal

from amazing_assets.delivery.classification.surroundings import surroundings
from amazing_assets_tests.classified import MONTHS
from amazing_assets_tests.delivery.serving.services import serving_of


@pytest.fixture
def serving(classified_home):
    return serving_of(classified_home)


@pytest.mark.parametrize("day", [2, 17, 31])
def test_dates_of_a_month_have_their_prices_in_common(serving, classified_home, day):
    first = serving.lent(date(2019, 12, 3))
    other = serving.lent(date(2019, 12, day))
    assert other.as_of == date(2019, 12, day)
    assert other.prices is first.prices
    fresh = surroundings(classified_home.lake, date(2019, 12, day))
    assert fresh.months == other.months == MONTHS[:2]
    assert_frame_equal(fresh.prices.products, other.prices.products)
    assert_frame_equal(fresh.prices.categories.places, other.prices.categories.places)


def test_the_first_of_a_month_ends_the_windows_of_the_month_before(serving):
    assert serving.lent(date(2020, 1, 1)).months == MONTHS
    first, second = serving.lent(date(2019, 12, 1)), serving.lent(date(2019, 12, 2))
    assert first.prices is not second.prices


def test_of_months_that_the_lake_does_not_have_nothing_is_known(serving):
    assert serving.lent(date(2026, 1, 1)).months == ()


def test_champions_are_read_once_until_others_are_promoted(serving):
    serving.refresh()
    known = serving.champions
    serving.refresh()
    assert serving.champions is known
    assert serving.fault is None
