"""The views of a real PostgreSQL, beside the copy of a DuckDB file that was given the same."""

from dataclasses import replace

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.defs.resources.servers import server_writer
from amazing_assets.delivery.readable.copy import ReadableCopy
from amazing_assets.delivery.readable.served import ServedViews
from amazing_assets.places import Server
from amazing_assets.segments.contract import PROVISIONAL
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.naming.given import Given
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets.warehouse.warehouse import Replacement
from amazing_assets_tests.delivery.lists.scored import WEEK_OF, scores, values
from amazing_assets_tests.delivery.readable.test_copy import assignments, store
from amazing_assets_tests.delivery.readable.viewed import CONTRACTS, viewed

GIVEN = {2: Given("Patients", "patient ones", "somebody", "2019-10-31")}
WEEK_KEY = WEEK_OF.isoformat()


@pytest.fixture
def served(lake, database):
    server = Server(database.address)
    return ServedViews(server_writer(server), viewed(lake), CONTRACTS, GIVEN)


@pytest.fixture
def copy(served, tmp_path):
    return ReadableCopy(tmp_path / "warehouse.duckdb", served.lake, CONTRACTS, GIVEN, patience=5)


def write(served, table, frame, run="run", key=WEEK_KEY):
    contract = CONTRACTS.warehouse[table]
    served.writer.write(Replacement(table, frame, run, key, contract))


def both(copy, served, **tables):
    """Write the same tables to both, and have both show them."""
    store(copy, **tables)
    for name, frame in tables.items():
        write(served, name, frame, key="2019-10" if "month" in frame.columns else WEEK_KEY)
    assert copy.refresh()
    assert served.refresh()


def at_home(copy, view):
    with duckdb.connect(str(copy.file), read_only=True) as connection:
        return connection.execute(f"select * from amazing.{view}").pl()


def on_server(served, view):
    return ServerWarehouse(served.writer.server, None).read_table(view)


def as_served(frame):
    """What a server has no types for: small numbers, and the zone of times that are in UTC."""
    return frame.with_columns(
        pl.selectors.unsigned_integer().cast(pl.Int16),
        pl.selectors.datetime().dt.convert_time_zone("UTC").dt.replace_time_zone(None),
    )


def assert_same(copy, served, view, there=None):
    expected, found = as_served(at_home(copy, view)), on_server(served, there or view)
    assert expected.height > 0
    assert_frame_equal(found, expected, check_row_order=False, check_dtypes=False, rel_tol=1e-12)


def test_all_that_is_known_of_each_customer_is_what_it_is_at_home(copy, served):
    asked = scores({"user_id": 1}, {"user_id": 1, "task": "cancel", "is_holdout": True})
    both(copy, served, churn_scores=asked, customer_value=values({"user_id": 2}))
    assert_same(copy, served, "customer_360")


def test_before_there_are_scores_everybody_is_there_all_the_same(copy, served):
    both(copy, served, customer_value=values({"user_id": 2}))
    assert_same(copy, served, "customer_360")
    write(served, "churn_scores", scores({"user_id": 1}))
    assert served.refresh()
    known = on_server(served, "customer_360").sort("user_id")
    assert known["pause_probability"].to_list() == [0.5, None, None]


def test_segments_are_called_by_their_names_as_at_home(copy, served):
    named = Name("lions"), Name("owls", (), PROVISIONAL), Name("wolves")
    both(copy, served, segment_assignments=assignments(*named))
    assert_same(copy, served, "segment_assignments", "segment_assignments_in_words")
    assert_same(copy, served, "segment_names")
    called = on_server(served, "segment_assignments_in_words").sort("user_id")
    assert called["segment_name_en"][1] == "patient ones"


def test_what_has_not_changed_is_not_made_again_and_what_has_is(served):
    write(served, "customer_value", values({"user_id": 2}))
    assert served.refresh()
    assert not served.refresh()
    assert replace(served, given={}).refresh()
    write(served, "customer_value", values({"user_id": 3}), run="another")
    assert served.refresh()
    assert not served.refresh()
    worth = on_server(served, "customer_360").sort("user_id")["expected_revenue"]
    assert worth.to_list() == [None, None, 10.0]


def test_of_more_customers_than_fit_at_once_no_view_is_written_and_that_is_told(served):
    told = []
    few = replace(served, most=2, writer=replace(served.writer, tell=told.append))
    write(served, "customer_value", values({"user_id": 2}))
    assert few.refresh()
    assert on_server(served, "customer_360") is None
    (sentence,) = told
    assert sentence == (
        "customer_360 is not brought up to 2019-10-15: 3 customers are more than the 2 that are "
        "written at once; read the lake's customer_view."
    )


def test_of_a_server_of_which_nothing_was_written_nothing_is_shown(served):
    assert not served.refresh()
    assert ServerWarehouse(served.writer.server, None).tables() == frozenset()


def test_readers_may_read_the_views_and_all_is_described(served, database):
    database.execute('create role "analysts"')
    granted = replace(served.writer.server, readers="analysts")
    served = replace(served, writer=replace(served.writer, server=granted))
    write(served, "segment_assignments", assignments(Name("lions")), key="2019-10")
    served.refresh()
    for view in ("customer_360", "segment_assignments_in_words", "segment_names"):
        asked = f"select has_table_privilege('analysts', 'amazing.{view}', 'select')"
        assert database.execute(asked) == [(True,)]
        bare = (
            f"select attname from pg_attribute where attrelid = 'amazing.{view}'::regclass "
            f"and attnum > 0 and coalesce(col_description(attrelid, attnum), '') = ''"
        )
        assert database.execute(bare) == []
    database.execute('drop owned by "analysts"; drop role "analysts"')
