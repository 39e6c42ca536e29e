"""What the tables must be: built once, month after month, in the process of the test."""

from polars.testing import assert_frame_equal

from amazing_assets.dates import first_day
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets.warehouse.warehouse import read_month
from amazing_assets_tests.commands import KEY
from amazing_assets_tests.defs.homes import Home

WAREHOUSE = ("event_statistics", "segment_assignments")
TABLES = (
    "raw_events",
    "rejected_events",
    "clean_events",
    "event_statistics",
    "sessions",
    "user_products",
    "price_book",
    "user_features",
)


def from_scratch(folder, place):
    """A home of the files that have landed, in which nothing ever happened but one build."""
    home = Home(folder, place.root)
    (folder / "pseudonym.key").write_text(KEY)
    for month in place.zone().months():
        assert home.materialize(month).success
    return home


def assert_same(platform, home, months):
    """Integers and strings exactly, floats to 1e-12."""
    for table in TABLES:
        for month in months:
            assert_frame_equal(
                table_of(platform, table, month),
                table_of(home, table, month),
                abs_tol=1e-12,
                rel_tol=1e-12,
            )


def table_of(home, name, month):
    """A month of a lake's or the warehouse's table; the home may be a test's or the platform's."""
    if name in WAREHOUSE:
        found = read_month(DuckDBWarehouse(home.warehouse), name, first_day(month))
    else:
        found = home.lake.scan(name, month).collect()
    return in_order(found)


def in_order(frame):
    """Rows in an order that no run leaves to chance; floats are no key."""
    return frame.sort([name for name, dtype in frame.schema.items() if not dtype.is_float()])
