"""A month over the stack that is made over and over: what is run, and what it must come to."""

from amazing_assets.lake import bucket
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.storage import tables
from amazing_assets.lake.table import Lake
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.commands import amazing, found
from amazing_assets_tests.killing import is_equal
from amazing_assets_tests.stack.stack import in_order

MONTH, STATISTICS = "2019-10", "event_statistics"
RUN = ("run", "--months", MONTH, "--select", f"+key:user_features or key:{STATISTICS}", "--json")


def tables_at_home(home):
    lake = Lake(home / "lake", None, LocalEngine())
    made = {name: lake.scan(name, MONTH).collect() for name in tables(home / "lake")}
    statistics = DuckDBWarehouse(home / "warehouse.duckdb").read_table(STATISTICS)
    return {name: in_order(each) for name, each in (made | {STATISTICS: statistics}).items()}


def tables_of(stack):
    """The month as readers see it: every table of the lake and of the warehouse."""
    made = {
        name: stack.lake.scan(name, MONTH).collect()
        for name in bucket.tables(stack.lake.root)
        if MONTH in stack.lake.months(name)
    }
    statistics = stack.tables.read_table(STATISTICS)
    return {name: in_order(each) for name, each in (made | {STATISTICS: statistics}).items()}


def deliver(stack, world):
    for file in (world / "landing").iterdir():
        stack.place.write(file.name, file.read_bytes())


def complete(stack, home, expected, **more):
    """Whatever was interrupted before: another run makes everything anew."""
    found(amazing(home, *RUN, **stack.variables | more))
    made = tables_of(stack)
    assert {name for name in made if is_equal(made[name], expected[name])} == expected.keys()


def states(stack, *expected):
    """Of each table, as which of the expected ones it is there."""
    made = tables_of(stack)
    return {
        name: [is_equal(table, each[name]) for each in expected] for name, table in made.items()
    }
