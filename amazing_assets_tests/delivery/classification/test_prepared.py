import gc
import weakref

import polars as pl
from polars.testing import assert_frame_equal

from amazing_assets.delivery.classification.prepared import Prepared

SCHEMA = pl.Schema({"user_id": pl.Int64, "cents": pl.Int64})


def rows(*each):
    return pl.DataFrame(each, schema=SCHEMA, orient="row")


def totals(events):
    """Reads its rows twice."""
    most = events.group_by("user_id").agg(most=pl.col("cents").max())
    return events.group_by("user_id").agg(pl.col("cents").sum()).join(most, on="user_id")


def test_every_run_answers_of_its_own_rows():
    prepared = Prepared(totals, events=SCHEMA)
    assert prepared.run(events=rows((1, 5), (1, 7))).rows() == [(1, 12, 7)]
    assert prepared.run(events=rows((2, 3))).rows() == [(2, 3, 3)]
    assert prepared.run(events=rows()).rows() == []


def test_a_query_that_asks_for_columns_while_it_is_made_answers_of_the_rows_all_the_same():
    def named(events):
        names = events.collect_schema().names()
        return events.select(pl.col(names).sum())

    prepared = Prepared(named, events=SCHEMA)
    assert prepared.run(events=rows((1, 5), (1, 7))).rows() == [(2, 12)]
    assert prepared.run(events=rows((4, 1))).rows() == [(4, 1)]


def test_a_query_is_made_once():
    made = []

    def query(events):
        made.append(events)
        return totals(events)

    prepared = Prepared(query, events=SCHEMA)
    for number in range(3):
        prepared.run(events=rows((number, 1)))
    assert len(made) == 1


def test_several_inputs_are_told_apart():
    prepared = Prepared(
        lambda left, right: left.join(right, on="user_id", how="semi"), left=SCHEMA, right=SCHEMA
    )
    found = prepared.run(left=rows((1, 5), (2, 6)), right=rows((2, 0)))
    assert_frame_equal(found, rows((2, 6)))


def test_nothing_is_kept_of_the_rows():
    prepared, given = Prepared(totals, events=SCHEMA), rows((1, 5))
    known = weakref.ref(given)
    prepared.run(events=given)
    del given
    gc.collect()
    assert known() is None


def test_a_query_that_nobody_runs_any_more_is_gone():
    prepared = Prepared(totals, events=SCHEMA)
    prepared.run(events=rows((1, 5)))
    known = weakref.ref(prepared)
    del prepared
    gc.collect()
    assert known() is None
