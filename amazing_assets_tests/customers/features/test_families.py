"""What holds of all families, on shards that are odd in one way each."""

import polars as pl
import pytest

from amazing_assets.customers.contract import UserFeatures
from amazing_assets.customers.features.families import (
    FAMILIES,
    build_features,
    columns_of,
    query_features,
)
from amazing_assets.customers.summaries import (
    combine_prices,
    combine_sessions,
    combine_user_products,
    summarise_prices,
    summarise_sessions,
    summarise_user_products,
)
from amazing_assets.dates import as_of
from amazing_assets.lake.contract import find_faults, schema_of
from amazing_assets_tests.builders import event
from amazing_assets_tests.customers.features.histories import (
    AS_OF,
    history,
    shuffled,
    summaries,
    without,
)
from amazing_assets_tests.customers.snapshots import INCREMENTAL, clean_events, differences

MONTHS = ["2019-10", "2019-11", "2019-12"]
END = as_of(MONTHS[-1])


@pytest.fixture(scope="module")
def tables(world):
    """Summaries of three months of the world."""
    parts = [part.lazy() for part in clean_events(*world.files[:3])]
    return (
        combine_sessions([summarise_sessions(part) for part in parts]).collect(),
        combine_user_products([summarise_user_products(part) for part in parts]).collect(),
        combine_prices([summarise_prices(part) for part in parts]).collect(),
    )


@pytest.fixture(scope="module")
def features(tables):
    return build_features(history(*tables, END), MONTHS)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(tables, features, seed):
    mixed = [shuffled(table, seed) for table in tables]
    assert differences(build_features(history(*mixed, END), MONTHS), features, INCREMENTAL) == {}


def test_equals_are_told_apart_by_the_value_and_not_by_the_order_of_rows():
    """Two brands, categories, hours and weekdays with as many events, purchases and last events."""
    pairs = [("zorg", "auto.tyre", 7), ("acme", "sport.ball", 13)]
    tied = [
        event(brand=brand, category_code=code, product_id=number, user_session=brand)
        for brand, code, number in pairs
    ]
    sessions, products, book = summaries(*tied)
    rows = [
        build_features(history(sessions[order], products[order], book), ["2019-10"])
        for order in ([0, 1], [1, 0])
    ]
    assert rows[0].equals(rows[1])
    preferred = rows[0].select("preferred_brand", "preferred_category")
    assert preferred.row(0) == ("acme", "auto")


def test_a_customer_has_the_same_features_alone(tables, features):
    sessions, products, book = tables
    for user in features["user_id"].sample(3, seed=1):
        own = [table.filter(pl.col("user_id") == user) for table in (sessions, products)]
        alone = build_features(history(*own, book, END), MONTHS)
        among_others = features.filter(pl.col("user_id") == user)
        assert alone.height == 1
        assert differences(alone, among_others, INCREMENTAL) == {}


@pytest.mark.parametrize("book", ["full", "empty"])
def test_an_empty_shard_has_no_rows_and_every_column(tables, book):
    sessions, products, prices = tables
    prices = prices if book == "full" else prices.clear()
    empty = build_features(history(sessions.clear(), products.clear(), prices, END), MONTHS)
    assert empty.height == 0
    assert empty.schema == schema_of(UserFeatures)


def test_without_purchases_what_is_about_them_is_zero_or_null():
    views = [event(product_id=number, user_id=7) for number in range(3)]
    row = build_features(history(*summaries(*views)), ["2019-10"])
    assert not find_faults(UserFeatures.to_schema(), row)
    names = ("monetary_7m", "repurchase_share_7m", "purchase_price_position_7m", "last_purchase")
    assert row.select(names).row(0) == (0.0, None, None, None)


def test_a_customer_whom_one_summary_does_not_know_keeps_what_the_other_tells():
    sessions, products, book = summaries(*(event(user_id=user) for user in (1, 2, 3)))
    whole = build_features(history(sessions, products, book), ["2019-10"])
    found = build_features(history(sessions, without(products, 2), book), ["2019-10"])
    assert found["user_id"].to_list() == [1, 2, 3]
    assert found["number_of_events_7m"].to_list() == [1, 1, 1]
    assert found["count_products_7m"].to_list() == [1, None, 1]
    assert without(found, 2).equals(without(whole, 2))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_family_alone_makes_what_it_makes_among_the_others(tables, features, family):
    names = columns_of(family)
    alone = family(history(*tables, END)).collect().sort("user_id")
    together = features.join(alone, on="user_id", how="semi").select("user_id", *names)
    assert names
    assert alone.height > 200
    types = pl.Schema({name: together.schema[name] for name in together.columns})
    assert differences(alone.select(together.columns).cast(types), together, INCREMENTAL) == {}


def test_every_column_belongs_to_one_family():
    made = [name for family in FAMILIES for name in columns_of(family)]
    constant = {"user_id", "as_of", "feature_version"}
    windows = {name for name in schema_of(UserFeatures) if name.startswith("window_months")}
    assert len(made) == len(set(made))
    assert set(made) == set(schema_of(UserFeatures)) - constant - windows


def test_one_query_makes_what_family_after_family_makes(tables, features):
    asked = [name for name in features.columns if name.endswith("_7m")]
    whole = query_features(history(*tables, END), MONTHS, asked).collect()
    assert whole.columns == ["user_id", *asked]
    assert differences(whole, features.select(whole.columns), INCREMENTAL) == {}


def test_only_what_makes_the_columns_asked_for_is_read(tables, features):
    sessions, _, book = tables
    nowhere = pl.scan_parquet("a file that is not there.parquet", schema={"user_id": pl.Int64})
    asked = ["user_id", "monetary_5m", "hour_sin_2m", "gap_log_cv_7m", "feature_version"]
    some = build_features(history(sessions, nowhere, book, END), MONTHS, asked)
    assert set(some.columns) == set(asked)
    assert differences(some, features.select(some.columns), INCREMENTAL) == {}


def test_features_end_at_the_reference_date_of_the_history():
    one = build_features(history(*summaries(event())), ["2019-10"], ["as_of"])
    assert one["as_of"].to_list() == [AS_OF]
