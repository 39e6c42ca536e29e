import pytest

from amazing_assets.customers.contract import PriceBook, Sessions, UserFeatures, UserProducts
from amazing_assets.customers.lineage import feature_lineage
from amazing_assets.lake.contract import schema_of

LINEAGE = feature_lineage()


def columns(name, table):
    return {column for other, column in LINEAGE[name] if other == table}


def test_every_feature_has_its_sources_and_every_source_exists():
    contracts = {"sessions": Sessions, "user_products": UserProducts, "price_book": PriceBook}
    known = {(table, c) for table, made in contracts.items() for c in schema_of(made)}
    assert list(LINEAGE) == schema_of(UserFeatures).names()
    assert set().union(*LINEAGE.values()) <= known
    without = {name for name, sources in LINEAGE.items() if not sources}
    assert {name for name in without if "window_months" not in name} == {"as_of", "feature_version"}


@pytest.mark.parametrize(
    ("feature", "table", "made_of"),
    [
        ("recency_days", "sessions", {"user_id", "last_event_at"}),
        ("monetary_2m", "sessions", {"user_id", "quarter_hour", "purchase_cents"}),
        ("total_purchase_value", "sessions", {"user_id", "quarter_hour", "purchase_cents"}),
        ("total_purchase_value", "price_book", set()),
        ("count_products_7m", "user_products", {"user_id", "month", "product_id"}),
        ("price_position_5m", "sessions", set()),
    ],
)
def test_a_feature_is_made_of_what_its_definition_names(feature, table, made_of):
    assert columns(feature, table) == made_of


@pytest.mark.parametrize("feature", ["price_position_5m", "discount_share_2m"])
def test_where_a_price_stands_comes_from_the_price_book(feature):
    assert {"price_bin", "events", "product_id"} <= columns(feature, "price_book")
