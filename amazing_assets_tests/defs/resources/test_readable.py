from datetime import date

import duckdb
import pytest

from amazing_assets.defs.resources.readable import CopiedFrom, one_copy
from amazing_assets.defs.resources.stores import LakeResource
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.warehouse.warehouse import copy_of
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import SHARDS, Home
from amazing_assets_tests.warehouse.sessions import held_open

SUMMARIES = "select month, count(*) from amazing.clean_events group by 1 order by 1"

STATISTICS = "select distinct month from amazing.event_statistics order by 1"


@pytest.fixture
def home(tmp_path):
    """A home whose runs have everybody read what they wrote, as the platform's own do."""
    made = Home(tmp_path)
    lake, warehouse = str(made.lake.root), str(made.warehouse)
    copied = CopiedFrom(warehouse=warehouse, lake=lake, models=str(tmp_path / "artifacts"))
    made.resources |= {
        "lake": LakeResource(root=lake, shards=SHARDS, copied=copied),
        "warehouse": WarehouseIOManager(database=warehouse, schema="amazing", copied=copied),
    }
    return made


def ask(home, query):
    with duckdb.connect(str(copy_of(home.warehouse)), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_runs_go_on_while_a_notebook_holds_the_copy_and_the_next_reader_sees_them(home):
    landed(home.landing, line())
    assert home.materialize("2019-10").success
    assert ask(home, SUMMARIES) == [(date(2019, 10, 1), 1)]
    with held_open(copy_of(home.warehouse)):
        landed(home.landing, line(event_time="2019-11-03 10:00:00 UTC"), name="2019-Nov.csv")
        assert home.materialize("2019-11").success
        assert ask(home, SUMMARIES) == [(date(2019, 10, 1), 1), (date(2019, 11, 1), 1)]
    assert ask(home, STATISTICS) == [
        (date(2019, 10, 1),),
        (date(2019, 11, 1),),
    ]


def test_a_run_that_cannot_make_the_copy_succeeds_and_says_so(home, capfd):
    copy_of(home.warehouse).mkdir()
    landed(home.landing, line())
    assert home.materialize("2019-10").success
    assert "The copy of the warehouse stays as it was." in capfd.readouterr().err


def test_of_runs_that_follow_one_another_the_first_is_seen_and_the_others_at_the_end(home):
    told = []
    with one_copy(told.append, seconds=3_600):
        for number, month in enumerate(("2019-10", "2019-11", "2019-12"), start=10):
            event = line(event_time=f"{month}-03 10:00:00 UTC")
            landed(home.landing, event, name=f"2019-{['Oct', 'Nov', 'Dec'][number - 10]}.csv")
            assert home.materialize(month).success
            assert ask(home, STATISTICS) == [(date(2019, 10, 1),)]
    assert ask(home, STATISTICS) == [
        (date(2019, 10, 1),),
        (date(2019, 11, 1),),
        (date(2019, 12, 1),),
    ]
    assert told == []
