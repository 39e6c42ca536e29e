"""Weeks beside months: a weekly table costs a declaration and goes every way of a monthly one."""

from datetime import date

import dagster as dg
import polars as pl
import pytest

from amazing_assets.cadence import WEEKLY
from amazing_assets.defs.resources.stores import resources
from amazing_assets.events.contract import CleanEvents
from amazing_assets.lake.contract import schema_of
from amazing_assets.runs.plan import plan_runs
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.defs.homes import Home, checks, failure, made
from amazing_assets_tests.defs.triggers.ticks import Automation
from amazing_assets_tests.defs.weekly import (
    MOST_EVENTS,
    WEEKLY_ASSETS,
    clean_events,
    weekly_visits,
)

OCT, NOV = "2019-10", "2019-11"
FIRST, SECOND, ACROSS = "2019-10-01", "2019-10-08", "2019-10-29"
OF_OCTOBER = {"2019-10-01", "2019-10-08", "2019-10-15", "2019-10-22"}
OF_NOVEMBER = {"2019-10-29", "2019-11-05", "2019-11-12", "2019-11-19"}
LOADED = dg.Definitions.merge(dg.Definitions(assets=[clean_events, *WEEKLY_ASSETS]), resources())


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def land(home, month, *days, customers=1):
    """Make the events of a month: one of each customer on each day."""
    each_day = pl.DataFrame({"event_time": [date.fromisoformat(day) for day in days]})
    users = pl.DataFrame({"user_id": list(range(1, customers + 1))})
    told = users.join(each_day, how="cross").with_columns(
        pl.col("event_time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        pl.lit("view").alias("event_type"),
        pl.lit(1).alias("product_id"),
        pl.lit(value=False).alias("is_bot_suspect"),
        pl.lit(value=False).alias("is_crowded_session"),
    )
    events = pl.concat([pl.DataFrame(schema=schema_of(CleanEvents)), told], how="diagonal_relaxed")
    with home.lake.draft("clean_events", month, CleanEvents) as draft:
        draft.add(events.cast(schema_of(CleanEvents)), "events")
        draft.complete()
        draft.publish()


def visits(home, week):
    return home.lake.scan("weekly_visits", week).collect().rows()


def figures(home):
    rows = DuckDBWarehouse(home.warehouse).read_table("weekly_figures")
    return {str(week): events for week, _, events in rows.sort("week").iter_rows()}


def test_a_week_runs_from_tuesday_to_tuesday_and_across_months(home):
    land(home, OCT, "2019-10-28", "2019-10-29", "2019-10-31")
    land(home, NOV, "2019-11-04", "2019-11-05")
    assert home.materialize(ACROSS, WEEKLY_ASSETS).success
    assert visits(home, ACROSS) == [(1, 3)]
    assert (home.lake.root / "weekly_visits" / "week=2019-10-29").is_dir()
    assert home.lake.partitions("weekly_visits", WEEKLY) == (ACROSS,)
    assert figures(home) == {ACROSS: 3}


def test_a_week_that_breaks_its_contract_leaves_the_good_one_and_every_other(home):
    land(home, OCT, FIRST, SECOND)
    for week in (FIRST, SECOND):
        assert home.materialize(week, WEEKLY_ASSETS).success
    land(home, OCT, *[FIRST] * (MOST_EVENTS + 1))
    run = home.materialize(FIRST, WEEKLY_ASSETS)
    assert made(run) == set()
    assert not checks(run)["weekly_visits", "keeps_contract"].passed
    assert failure(run).startswith("weekly_visits 2019-10-01 breaks its contract")
    assert failure(run).endswith("the week as it was before this run is untouched.")
    assert visits(home, FIRST) == visits(home, SECOND) == [(1, 1)]
    assert figures(home) == {FIRST: 1, SECOND: 1}


def test_a_week_that_the_warehouse_refuses_leaves_the_good_one(home):
    land(home, OCT, FIRST)
    assert home.materialize(FIRST, WEEKLY_ASSETS).success
    land(home, OCT, *[FIRST] * MOST_EVENTS, customers=3)
    run = home.materialize(FIRST, WEEKLY_ASSETS)
    assert made(run) == {"weekly_visits"}
    assert not checks(run)["weekly_figures", "keeps_contract"].passed
    assert failure(run) == "weekly_figures breaks its contract; see the check."
    assert figures(home) == {FIRST: 1}


def test_a_week_made_again_replaces_itself_and_no_other(home):
    land(home, OCT, FIRST, SECOND)
    for week in (FIRST, SECOND):
        assert home.materialize(week, WEEKLY_ASSETS).success
    land(home, OCT, FIRST, FIRST, SECOND, SECOND)
    assert home.materialize(SECOND, WEEKLY_ASSETS).success
    assert figures(home) == {FIRST: 1, SECOND: 2}


def test_a_week_whose_second_month_has_not_landed_is_left_empty(home):
    land(home, OCT, "2019-10-31")
    run = home.materialize(ACROSS, [weekly_visits])
    assert run.success
    assert home.lake.partitions("weekly_visits", WEEKLY) == ()


def test_the_weeks_of_two_months_are_planned_and_made(home):
    land(home, OCT, *(f"2019-10-{day:02d}" for day in range(1, 32)))
    land(home, NOV, *(f"2019-11-{day:02d}" for day in range(1, 31)))
    wanted = {asset.key for asset in WEEKLY_ASSETS}
    planned = plan_runs(LOADED.resolve_asset_graph(), wanted, [OCT, NOV])
    assert [run.partition for run in planned] == sorted(OF_OCTOBER | OF_NOVEMBER)
    for run in planned:
        assert set(run.assets) == wanted
        assert home.materialize(run.partition, WEEKLY_ASSETS).success
    assert figures(home) == dict.fromkeys(sorted(OF_OCTOBER | OF_NOVEMBER), 7)


class Weeks(Automation):
    """The automation of the weekly tables."""

    watched = ("weekly_visits", "weekly_figures")
    loaded = LOADED


@pytest.fixture
def weeks(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        on = Weeks(instance)
        on.quiet()
        yield on


def test_a_months_events_make_the_weeks_that_are_complete_with_it(weeks):
    weeks.made("clean_events", month=OCT)
    assert weeks.tick() == {"weekly_visits": OF_OCTOBER, "weekly_figures": OF_OCTOBER}
    weeks.quiet()
    weeks.made("clean_events", month=NOV)
    assert weeks.tick() == {"weekly_visits": OF_NOVEMBER, "weekly_figures": OF_NOVEMBER}
    weeks.quiet()


def test_a_month_delivered_again_makes_every_week_again_that_has_days_in_it(weeks):
    weeks.made("clean_events", month=OCT)
    weeks.made("clean_events", month=NOV)
    weeks.tick()
    weeks.quiet()
    weeks.made("clean_events", month=OCT)
    assert weeks.tick()["weekly_visits"] == OF_OCTOBER | {ACROSS}


def test_a_week_follows_its_week_and_no_other(weeks):
    weeks.made("weekly_visits", month=SECOND)
    assert weeks.tick() == {"weekly_figures": {SECOND}}
    weeks.quiet()
