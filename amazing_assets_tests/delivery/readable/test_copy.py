import subprocess
import sys
from dataclasses import replace
from datetime import date

import duckdb
import polars as pl
import pytest

from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE, WEEKLY_TABLES
from amazing_assets.delivery.readable.contracts import Contracts
from amazing_assets.delivery.readable.copy import ReadableCopy
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.locations import BucketPath
from amazing_assets.segments.contract import IN_RESERVE, PROVISIONAL
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.naming.given import Given
from amazing_assets.warehouse.warehouse import WarehouseError
from amazing_assets_tests.lake.test_table import Things, things, write
from amazing_assets_tests.warehouse.sessions import held_open

OCTOBER, NOVEMBER = date(2019, 10, 1), date(2019, 11, 1)
CONTRACTS = Contracts({**LAKE, "things": Things}, WAREHOUSE, WEEKLY_TABLES)


@pytest.fixture
def copy(lake, tmp_path):
    lake = Lake(lake.root, 4, LocalEngine(), CONTRACTS.lake)
    return ReadableCopy(tmp_path / "warehouse.duckdb", lake, CONTRACTS, patience=5)


def test_a_lake_in_a_bucket_is_left_out_and_nothing_is_asked_of_it(copy):
    lake = Lake(BucketPath("nowhere", "lake"), None, LocalEngine(), CONTRACTS.lake)
    copy = replace(copy, lake=lake)
    assert not copy.refresh()
    store(copy, segment_assignments=assignments(Name("lions")))
    assert copy.refresh()
    tables = {name for (name,) in ask(copy, "select view_name from duckdb_views()")}
    assert not tables & {*CONTRACTS.lake, "customer_360"}


def store(copy, **tables):
    """Put tables into the warehouse as a run does."""
    with duckdb.connect(str(copy.warehouse)) as warehouse:
        warehouse.execute("create schema if not exists amazing")
        for name, frame in tables.items():
            warehouse.register("frame", frame.to_arrow())
            warehouse.execute(f"create or replace table amazing.{name} as select * from frame")


def empty(contract):
    return pl.DataFrame(schema=schema_of(contract)).with_columns(pl.selectors.enum().cast(str))


def ask(copy, query):
    with duckdb.connect(str(copy.file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def assignments(*named, version="1"):
    """One customer in each segment."""
    rows = [
        {"user_id": n, "month": OCTOBER, "segment": n, **name.columns, "model_version": version}
        for n, name in enumerate(named, 1)
    ]
    contract = WAREHOUSE["segment_assignments"]
    return pl.DataFrame(rows, schema_overrides=schema_of(contract)).select(
        *(
            pl.lit(None, kind).alias(name)
            for name, kind in schema_of(contract).items()
            if name not in rows[0]
        ),
        *rows[0],
    )


def test_every_table_and_column_is_there_and_described(copy, lake):
    write(lake, things(1))
    store(
        copy, **{name: empty(contract) for name, contract in WAREHOUSE.items()}, forgotten=things()
    )
    assert copy.refresh()
    names = "select table_name as name, comment from duckdb_tables() union all "
    names += "select view_name, comment from duckdb_views() where not internal"
    described = dict(ask(copy, names))
    assert described.keys() >= {*CONTRACTS.lake, *WAREHOUSE, "segment_names"}
    assert not [name for name, comment in described.items() if not comment and name != "things"]
    columns = "select table_name, column_name, comment from duckdb_columns() where not internal"
    held = ask(copy, columns)
    assert {table for table, *_ in held} == described.keys()
    assert {(t, c) for t, c, comment in held if not comment} == {
        ("things", "user_id"),
        ("things", "number"),
    }


def test_a_month_is_a_date_and_a_week_too_wherever_they_are(copy):
    store(copy, **{name: empty(contract) for name, contract in WAREHOUSE.items()})
    copy.refresh()
    found = ask(
        copy,
        "select data_type, count(distinct table_name) from duckdb_columns() "
        "where column_name in ('month', 'week') and not internal group by 1",
    )
    assert [kind for kind, _ in found] == ["DATE"]
    assert found[0][1] > len(LAKE)


def test_a_table_of_the_lake_is_read_where_it_lies(copy, lake):
    write(lake, things(1, 2))
    copy.refresh()
    write(lake, things(3, 4, 5), "2019-11")
    found = ask(
        copy, "select month, count(*), sum(number) from amazing.things group by 1 order by 1"
    )
    assert found == [(OCTOBER, 2, 3), (NOVEMBER, 3, 12)]


def test_a_month_of_an_earlier_version_is_left_out_of_its_table(copy, lake):
    write(lake, things(1, 2))
    with lake.draft("things", "2019-11", LAKE["clean_events"]) as draft:
        draft.complete()
        draft.publish()
    copy.refresh()
    assert ask(copy, "select month, number from amazing.things order by 2") == [
        (OCTOBER, 1),
        (OCTOBER, 2),
    ]


def test_a_table_of_which_nothing_has_landed_has_its_columns_and_no_rows(copy, lake):
    write(lake, things(1))
    copy.refresh()
    assert ask(copy, "select count(*) from amazing.user_features") == [(0,)]
    (kind,) = ask(copy, "select typeof(max(event_time)) from amazing.clean_events")
    assert kind == ("TIMESTAMP WITH TIME ZONE",)


def test_segments_are_called_by_their_names_in_english_and_french(copy):
    names = (
        Name("beavers"),
        Name("foxes", status=PROVISIONAL),
        Name("wolves", ("thrifty", "loyal"), IN_RESERVE),
    )
    store(copy, segment_assignments=assignments(*names))
    copy.refresh()
    assert ask(
        copy,
        "select segment_name, segment_name_en, segment_name_fr, name_status "
        "from amazing.segment_assignments order by segment",
    ) == [
        ("beavers", "Beavers", "Castors", "settled"),
        ("foxes", "Foxes", "Renards", "provisional"),
        ("wolves", "Wolves (thrifty, loyal)", "Loup (économe, fidèle)", "reserve"),
    ]


def test_a_table_with_numbers_alone_says_how_the_newest_model_calls_them(copy):
    older, newer = (
        assignments(Name("beavers"), version="9"),
        assignments(Name("lion"), version="10"),
    )
    roc = empty(WAREHOUSE["segment_roc"]).vstack(
        pl.DataFrame(
            {
                "segment": [1],
                "false_positive_rate": [0.5],
                "true_positive_rate": [1.0],
                "model_version": "10",
            },
            schema_overrides={"segment": pl.Int16},
        )
    )
    store(copy, segment_assignments=older.vstack(newer), segment_roc=roc)
    copy.refresh()
    assert ask(
        copy, "select segment_name, segment_name_en, segment_name_status from amazing.segment_roc"
    ) == [("lion", "Lions", "settled")]
    assert ask(copy, "select segment_name_en from amazing.segment_assignments order by 1") == [
        ("Beavers",),
        ("Lions",),
    ]


def test_a_name_that_a_person_gave_is_told_with_who_gave_it(copy):
    given = {1: Given("Curieux", "Browsers", "Ada Lovelace", "2019-11-02")}
    store(copy, segment_assignments=assignments(Name("beavers"), Name("lion")))
    copy.refresh()
    named = ReadableCopy(copy.warehouse, copy.lake, copy.contracts, given)
    assert named.refresh()
    assert ask(
        copy,
        "select segment_name, segment_name_en, segment_name_fr "
        "from amazing.segment_assignments order by segment",
    ) == [("beavers", "Browsers", "Curieux"), ("lion", "Lions", "Lion")]
    assert ask(
        copy, "select status, named_by, named_on from amazing.segment_names order by segment"
    ) == [("given", "Ada Lovelace", date(2019, 11, 2)), ("settled", None, None)]


def test_no_row_is_lost_or_told_twice_by_being_named(copy):
    names = [Name("beavers"), Name("lion"), Name("unheard of")]
    rows = assignments(*names).vstack(
        assignments(Name("unclassified"))
        .with_columns(segment=None, name_status=None)
        .select(assignments(*names).columns)
        .cast(assignments(*names).schema)
    )
    store(copy, segment_assignments=rows)
    copy.refresh()
    assert ask(
        copy, "select segment, segment_name_en from amazing.segment_assignments order by 1"
    ) == [(1, "Beavers"), (2, "Lions"), (3, "unheard of"), (None, "Unclassified")]


def test_nothing_is_copied_while_nothing_has_changed(copy):
    store(copy, event_statistics=empty(WAREHOUSE["event_statistics"]))
    assert copy.refresh()
    assert not copy.refresh()
    store(copy, segment_assignments=assignments(Name("beavers")))
    assert copy.refresh()


def test_the_copy_follows_a_home_that_was_moved(copy, lake, tmp_path):
    write(lake, things(1, 2))
    copy.refresh()
    moved = lake.root.rename(tmp_path / "elsewhere")
    there = ReadableCopy(copy.warehouse, Lake(moved, None, LocalEngine()), CONTRACTS)
    assert there.refresh()
    assert ask(there, "select count(*) from amazing.things") == [(2,)]


NOTEBOOK = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print(connection.sql("select count(*) from amazing.segment_assignments").fetchone()[0], flush=True)
sys.stdin.readline()
connection.execute("create table mine as select 42 as answer")
print(connection.sql("select count(*) from amazing.segment_assignments").fetchone()[0], flush=True)
sys.stdin.readline()
"""


def test_a_notebook_that_writes_into_the_copy_disturbs_nobody_and_is_not_disturbed(copy):
    store(copy, segment_assignments=assignments(Name("beavers")))
    copy.refresh()
    arguments = [sys.executable, "-c", NOTEBOOK, str(copy.file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(arguments, **pipes) as notebook:
        assert notebook.stdout.readline() == "1\n"
        store(copy, segment_assignments=assignments(Name("beavers"), Name("lion")))
        assert copy.refresh()
        assert ask(copy, "select count(*) from amazing.segment_assignments") == [(2,)]
        notebook.stdin.write("\n")
        notebook.stdin.flush()
        assert notebook.stdout.readline() == "1\n"
        store(copy, segment_assignments=assignments(Name("beavers"), Name("lion"), Name("owls")))
        assert copy.refresh()
        assert ask(copy, "select count(*) from amazing.segment_assignments") == [(3,)]
        assert ask(copy, "from duckdb_tables() where table_name = 'mine'") == []
        notebook.communicate("\n")
    assert notebook.returncode == 0
    assert ask(copy, "select count(*) from amazing.segment_assignments") == [(3,)]


def test_where_the_warehouse_is_held_the_copy_stays_and_it_is_said_why(copy):
    store(copy, segment_assignments=assignments(Name("beavers")))
    copy.refresh()
    store(copy, segment_assignments=assignments(Name("beavers"), Name("lion")))
    hasty = ReadableCopy(copy.warehouse, copy.lake, copy.contracts, patience=0.5)
    with held_open(copy.warehouse), pytest.raises(WarehouseError, match="is held by process"):
        hasty.refresh()
    assert ask(copy, "select count(*) from amazing.segment_assignments") == [(1,)]
    assert not list(copy.file.parent.glob(".*making*"))


def test_what_a_killed_process_was_making_is_cleared_away(copy):
    left = copy.file.with_name(f".{copy.file.name}.0123.making")
    left.write_bytes(b"half")
    store(copy, segment_assignments=assignments(Name("beavers")))
    copy.refresh()
    assert not left.exists()
