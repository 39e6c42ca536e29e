"""The value of customers through Dagster: of the newest week, of an earlier one, of too few."""

from random import Random

import duckdb
import pytest

from amazing_assets.churn.revenue.model import UNREGISTERED
from amazing_assets.defs.assets import customers
from amazing_assets.defs.assets.churn.value import customer_value
from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import MONTH, Home, checks

EARLIER, NEWEST = "2019-10-15", "2019-10-22"
WEEKLY = [customers.customer_view, customer_value]


def home_of(folder):
    home = Home(folder)
    home.resources["models"] = ModelsResource(
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}", artifacts=str(folder / "artifacts")
    )
    return home


def bought(random, user):
    """A customer who buys now and then in October, at prices around its own."""
    days = sorted({random.randint(1, 31) for _ in range(random.randint(1, 6))})
    price = random.uniform(10, 200)
    return [
        line(
            event_type="purchase",
            user_id=str(user),
            user_session=f"{user} {day}",
            event_time=f"2019-10-{day:02} 12:00:00 UTC",
            price=f"{price * random.uniform(0.7, 1.3):.2f}",
        )
        for day in days
    ]


@pytest.fixture(scope="module")
def october(tmp_path_factory):
    home, random = home_of(tmp_path_factory.mktemp("october") / "home"), Random(1)  # noqa: S311  no secret
    landed(home.landing, *(each for user in range(200) for each in bought(random, user)))
    assert home.materialize(assets=MONTH).success
    return home


def told(run):
    (event,) = run.asset_materializations_for_node("customer_value")
    return {name: value.value for name, value in event.metadata.items()}


def value_of(home, week):
    read = home.resources["warehouse_file"].database
    with duckdb.connect(read, read_only=True) as warehouse:
        return warehouse.sql(f"FROM amazing.customer_value WHERE week = '{week}'").pl()


def test_an_earlier_week_is_told_by_the_law_of_its_own_and_the_newest_by_a_registered_model(
    october,
):
    run = october.materialize(EARLIER, WEEKLY)
    assert run.success
    assert told(run)["version"] == UNREGISTERED
    newest = october.materialize(NEWEST, WEEKLY)
    assert newest.success
    assert checks(newest)["customer_value", "keeps_contract"].passed
    assert told(newest)["version"] == "1"
    assert "too few weeks" in told(newest)["why"]
    rows = value_of(october, NEWEST)
    assert rows.height == told(newest)["customers"] > 100
    assert set(rows["model_version"]) == {"1"}
    assert (rows["revenue_low"] <= rows["revenue_high"]).all()


def test_a_week_made_again_is_the_same_and_makes_no_other_version(october):
    first = october.materialize(NEWEST, WEEKLY)
    before = value_of(october, NEWEST).sort("user_id")
    again = october.materialize(NEWEST, WEEKLY)
    assert told(first)["version"] == told(again)["version"]
    assert value_of(october, NEWEST).sort("user_id").equals(before)


def test_a_shop_with_too_few_buyers_is_told_so_and_nothing_fails(tmp_path):
    home = home_of(tmp_path / "home")
    landed(home.landing, line(event_type="purchase"))
    assert home.materialize(assets=MONTH).success
    run = home.materialize(NEWEST, WEEKLY)
    assert run.success
    assert told(run)["customers"] == 0
    assert told(run)["why"].startswith("0 customers bought more than once")
