from datetime import date
from math import log

import polars as pl
import pytest

from amazing_assets.customers.contract import PriceBook
from amazing_assets.customers.prices import percentiles, price_reference
from amazing_assets.lake.contract import schema_of

AS_OF = date(2020, 1, 1)
NOW, BEFORE = date(2019, 12, 1), date(2019, 8, 1)


def book(*rows):
    """Rows of product, category, top-level category, month, price in cents, events."""
    made = [(*row[:4], int(100 * log(row[4]) // 1), row[5]) for row in rows]
    return pl.LazyFrame(made, schema=schema_of(PriceBook), orient="row")


def percentile(reference, category, code, cents):
    """The percentile of each window; of the category, or else of the level above."""
    price = pl.LazyFrame(
        {"category_id": [category], "category_code": [code], "cents": [float(cents)]},
        schema_overrides={"category_id": pl.Int64, "category_code": pl.String},
    )
    found = percentiles(price, reference).select(f"percentile_{w}m" for w in (2, 5, 7))
    return tuple(found.select(pl.all().drop_nulls().sum()).collect().row(0)), tuple(
        found.select(pl.all().count()).collect().row(0)
    )


def part(cents):
    return 100 * log(cents) % 1


@pytest.fixture
def reference():
    rows = [
        (1, 10, "auto", NOW, 1_000, 2),
        (1, 10, "auto", NOW, 4_000, 2),
        # Of category 11 the last two months know one price only, the five months three.
        (2, 11, "auto", NOW, 2_000, 1),
        (2, 11, "auto", BEFORE, 3_000, 2),
    ]
    return price_reference(book(*rows), AS_OF)


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        (1, 0.0),
        (1_000, part(1_000) * 2 / 4),
        (2_500, 2 / 4),
        (4_000, (2 + part(4_000) * 2) / 4),
        (10**9, 1.0),
    ],
    ids=["cheaper than all", "in the lowest bin", "between bins", "in the highest", "dearest"],
)
def test_a_price_stands_above_the_cheaper_prices_of_its_category(reference, cents, expected):
    found, rows = percentile(reference, 10, "auto.tyre", cents)
    assert found == pytest.approx((expected,) * 3)
    assert rows == (1, 1, 1)


def test_a_category_of_two_prices_falls_back_on_the_level_above_in_that_window_only(reference):
    found, rows = percentile(reference, 11, "auto.tyre", 3_500)
    # Of the last two months all of auto: 2 of 1 000, 1 of 2 000 and 2 of 4 000.
    assert found == pytest.approx((3 / 5, 1.0, 1.0))
    assert rows == (1, 1, 1)


@pytest.mark.parametrize(
    ("category", "code", "known"),
    [(None, "auto", 1), (99, "auto.tyre", 1), (None, None, 0), (99, "sport", 0), (10, None, 1)],
)
def test_what_the_book_does_not_know_falls_back_or_stands_nowhere(reference, category, code, known):
    assert percentile(reference, category, code, 3_500)[1] == (known,) * 3


def test_a_book_without_prices_places_nothing():
    reference = price_reference(book(), AS_OF)
    assert percentile(reference, 10, "auto", 3_500)[1] == (0, 0, 0)
    assert reference.products.height == 0


def test_the_top_level_of_a_path_in_any_letters_is_found():
    rows = [(1, None, "été", NOW, 1_000, 3)]
    reference = price_reference(book(*rows), AS_OF)
    assert percentile(reference, None, "été.plage", 2_000)[0] == (1.0, 1.0, 1.0)


def test_a_median_is_known_from_three_prices_of_the_window(reference):
    medians = reference.products.sort("product_id")
    assert medians["median_cents_2m"].is_null().to_list() == [False, True]
    assert medians["median_cents_5m"].is_null().to_list() == [False, False]


def test_events_after_the_reference_date_are_in_no_book():
    rows = [(1, 10, "auto", NOW, 1_000, 3), (1, 10, "auto", AS_OF, 4_000, 9)]
    reference = price_reference(book(*rows), AS_OF)
    assert percentile(reference, 10, "auto", 2_000)[0] == (1.0, 1.0, 1.0)
