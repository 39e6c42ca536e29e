from dataclasses import asdict

import pytest

from amazing_assets.markets import MAIN_MARKET
from amazing_assets.places import Server
from amazing_assets.settings import is_market_chosen, load_settings
from amazing_assets.variables import SettingsError

TWO = {"AMAZING_MARKETS": "US,DE", "AMAZING_HOME": "/srv"}
ALL_SET = {
    "AMAZING_LANDING": "s3://bucket/events/",
    "AMAZING_LAKE": "/lake",
    "AMAZING_WAREHOUSE": "/tables/all.duckdb",
    "AMAZING_LISTS": "s3://bucket/lists",
    "AMAZING_REPORTS_URL": "https://reports.example.com",
    "MLFLOW_TRACKING_URI": "postgresql://host/mlflow_{market}",
}


def places(market, **more):
    """Return all that the settings of a market name, apart from what is the same everywhere."""
    settings = load_settings({**TWO, **more, "AMAZING_MARKET": market})
    found = {**asdict(settings), "reports": settings.reports, "key": settings.key_file}
    return {name: str(value) for name, value in found.items() if market in str(value)}


def test_a_market_has_a_home_of_its_own_in_the_home():
    settings = load_settings(TWO | {"AMAZING_MARKET": "US"})
    assert settings.market == "US"
    assert str(settings.home) == "/srv/US"
    assert str(settings.warehouse) == "/srv/US/warehouse.duckdb"
    assert settings.landing == "/srv/US/landing"
    assert load_settings({}).market == MAIN_MARKET


def test_no_place_of_a_market_is_that_of_another():
    us, de = places("US", **ALL_SET), places("DE", **ALL_SET)
    assert us == {
        "market": "US",
        "home": "/srv/US",
        "landing": "s3://bucket/events/US",
        "lake": "/lake/US",
        "warehouse": "/tables/all_US.duckdb",
        "mlflow_tracking_uri": "postgresql://host/mlflow_US",
        "reports_url": "https://reports.example.com/US",
        "lists": "s3://bucket/lists/US",
        "requests": "/srv/US/requests",
        "reports": "/srv/US/reports",
        "key": "/srv/US/pseudonym.key",
    }
    assert us.keys() == de.keys()
    assert not set(us.values()) & set(de.values())


def test_on_a_server_a_market_is_a_schema():
    address = "postgresql://u:p@h/d"
    settings = load_settings(TWO | {"AMAZING_MARKET": "DE", "AMAZING_WAREHOUSE": address})
    assert settings.warehouse == Server("postgresql://u@h:5432/d", "amazing_de")


def test_of_several_markets_one_is_chosen():
    assert not is_market_chosen(TWO)
    assert is_market_chosen(TWO | {"AMAZING_MARKET": "US"})
    assert is_market_chosen({})
    with pytest.raises(SettingsError, match="the markets US, DE; say which, as `--market US`"):
        load_settings(TWO)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"AMAZING_MARKETS": "US,U S"}, "AMAZING_MARKETS=US,U S is not accepted"),
        ({"AMAZING_MARKETS": "US,us"}, "each once, such as US,DE"),
        ({"AMAZING_MARKETS": "US,,DE"}, "is not accepted"),
        ({"AMAZING_MARKETS": "../US"}, "is not accepted"),
        ({"AMAZING_MARKET": "FR"}, "AMAZING_MARKET=FR is no market"),
        ({"AMAZING_MARKET": "US", "AMAZING_MARKETS": ""}, "AMAZING_MARKET=US is no market"),
        ({"MLFLOW_TRACKING_URI": "https://mlflow.example.com"}, "write {market} where the name"),
    ],
)
def test_what_is_no_market_is_refused(variables, said):
    with pytest.raises(SettingsError, match=said):
        load_settings({**TWO, "AMAZING_MARKET": "US", **variables})
