"""To build and forget is to suppress and build, for what models make of customers as well.

The same versions of the models are in use in both: a training sees who is there at its time, so
that what tells of one (its evaluation, its curve, its rules) is not compared.
"""

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.defs.assets import customers
from amazing_assets.defs.assets.churn.value import customer_value
from amazing_assets.defs.assets.next_actions.weeks import (
    next_action_probabilities,
    next_action_vectors,
)
from amazing_assets.defs.assets.segments.months import segment_assignments
from amazing_assets.defs.resources.stores import (
    LakeResource,
    LandingResource,
    ModelsResource,
    WarehouseResource,
)
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.privacy.erasure import ask, erase
from amazing_assets_tests.classified import MONTHS, SUMMARIES, WEEK
from amazing_assets_tests.defs.homes import SHARDS, materialize
from amazing_assets_tests.privacy.compared import cells, ordered
from amazing_assets_tests.privacy.homes import begun_like, copy_of, key_of, stores_of
from amazing_assets_tests.privacy.test_erasure import read_landed

# Three months, made twice.
pytestmark = pytest.mark.evaluate

OF_THE_MONTH = [customers.user_features, segment_assignments]
OF_THE_WEEK = [
    customers.customer_view,
    next_action_vectors,
    next_action_probabilities,
    customer_value,
]

# As they were made before anybody was forgotten: of a customer's own rows alone.
ROW_BY_ROW = {
    "raw_events",
    "clean_events",
    "sessions",
    "user_products",
    "price_book",
    "action_sequences",
}
OF_OTHERS = {"user_features", "customer_view", "next_action_vectors"}
RESULTS = {"segment_assignments", "next_action_probabilities", "customer_value"}


def resources(home):
    warehouse = str(home / "warehouse.duckdb")
    return {
        "lake": LakeResource(root=str(home / "lake"), shards=SHARDS),
        "landing": LandingResource(
            root=str(home / "landing"), key_file=str(home / "pseudonym.key")
        ),
        "models": ModelsResource(
            tracking_uri=f"sqlite:///{home}/mlflow.db", artifacts=str(home / "artifacts")
        ),
        "warehouse_file": WarehouseResource(database=warehouse),
        "warehouse": WarehouseIOManager(database=warehouse, schema="amazing"),
    }


def make(home, key, assets):
    assert materialize(assets, key, resources(home)).success


def make_profiles(home):
    make(home, MONTHS[-1], OF_THE_MONTH)
    make(home, WEEK, OF_THE_WEEK)


def forget(home, ids):
    stores, key = stores_of(home), key_of(home)
    ask(stores, ids, key)
    return erase(stores, key, lambda _done: {})


@pytest.fixture(scope="module")
def both(classified_home, tmp_path_factory):
    """A home of which forty were taken out, and one into which they never came."""
    built = copy_of(classified_home.landing.parent, tmp_path_factory.mktemp("built") / "home")
    suppressed = begun_like(built, tmp_path_factory.mktemp("suppressed"))
    landed = pl.concat([read_landed(file) for file in sorted((built / "landing").iterdir())])
    ids = landed["user_id"].unique().sort().sample(40, seed=4)
    make_profiles(built)
    done = forget(built, ids)
    assert done.by_table.keys() >= ROW_BY_ROW - {"price_book"} | OF_OTHERS | RESULTS
    make_profiles(built)
    assert forget(suppressed, ids).by_table == {}
    for month in MONTHS:
        make(suppressed, month, SUMMARIES)
    make_profiles(suppressed)
    return built, suppressed


def test_every_partition_of_the_lake_is_the_same(both):
    built, suppressed = (stores_of(home).lake for home in both)
    made = cells(built)
    assert {table for table, _ in made} == ROW_BY_ROW | OF_OTHERS | {"rejected_events"}
    assert cells(suppressed) == made
    for table, key in made:
        ours, theirs = (ordered(each.scan(table, key).collect()) for each in (built, suppressed))
        assert_frame_equal(ours, theirs, abs_tol=1e-9)


def test_segments_next_actions_and_values_are_the_same(both):
    ours, theirs = map(tables_of, both)
    assert ours.keys() == theirs.keys() >= RESULTS
    for name in sorted(ours):
        assert ours[name].height > 0
        assert_frame_equal(ours[name], theirs[name], abs_tol=1e-9)


def tables_of(home):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        names = warehouse.execute(
            "select table_name from duckdb_tables() where table_name not like 'rows_of_%'"
        ).fetchall()
        made = [name for (name,) in names] + ["segment_assignments"]
        return {
            name: ordered(warehouse.execute(f'from amazing."{name}"').pl())
            for name in dict.fromkeys(made)
        }
