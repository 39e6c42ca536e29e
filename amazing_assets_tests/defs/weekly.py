"""Two weekly tables that only tests have, one in the lake and one in the warehouse."""

from datetime import date
from functools import partial

import dagster as dg
import pandera.polars as pa
import polars as pl

from amazing_assets.cadence import WEEKLY
from amazing_assets.dates import week_end, week_start
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.tables.declare import SCIENTISTS, lake_table, warehouse_table
from amazing_assets.defs.tables.publish import (
    audited,
    has_landed,
    nothing_landed,
    plain_failures,
    publish,
)
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.lake.contract import Table
from amazing_assets.lake.shard import Query

# Of more events a week, a customer is a robot: a week that has one is refused.
MOST_EVENTS = 9


class WeeklyVisits(Table):
    user_id: int
    events: int = pa.Field(le=MOST_EVENTS)


class WeeklyFigures(Table):
    week: date
    customers: int
    events: int = pa.Field(le=2 * MOST_EVENTS)


def visits_of_week(clean_events, week):
    inside = (
        pl.col("event_time").dt.date().is_between(week_start(week), week_end(week), closed="left")
    )
    counted = clean_events.filter(inside).group_by("user_id").agg(events=pl.len())
    return counted.cast({"events": pl.Int64})


clean_events = dg.AssetSpec("clean_events", partitions_def=MONTHS)


@lake_table(
    "weekly_visits",
    WeeklyVisits,
    "customers",
    SCIENTISTS,
    cadence=WEEKLY,
    deps=["clean_events"],
    automation_condition=follow(),
    required_resource_keys={"lake"},
)
def weekly_visits(context):
    tables, week = context.resources.lake.open(), context.partition_key
    if not has_landed(tables, week):
        yield from nothing_landed("weekly_visits")
        return
    with plain_failures(), tables.draft("weekly_visits", week, WeeklyVisits) as draft:
        visits = partial(visits_of_week, week=week)
        draft.fill(Query(visits, ("clean_events",), WEEKLY.months(week)))
        yield from publish(draft)


@warehouse_table(
    "weekly_figures",
    WeeklyFigures,
    "customers",
    SCIENTISTS,
    cadence=WEEKLY,
    deps=["weekly_visits"],
    automation_condition=follow(),
    required_resource_keys={"lake"},
)
def weekly_figures(context):
    week = context.partition_key
    figures = context.resources.lake.open().scan("weekly_visits", week)
    rows = figures.select(
        week=pl.lit(week_start(week)),
        customers=pl.len().cast(pl.Int64),
        events=pl.col("events").sum(),
    )
    yield from audited("weekly_figures", WeeklyFigures, rows.collect(), {})


WEEKLY_ASSETS = [weekly_visits, weekly_figures]
