"""Assets of the events: read, rejected, cleaned, described."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import dagster as dg
import polars as pl

from amazing_assets.dates import add_months, first_day
from amazing_assets.defs.partitions import MONTH_AND_THE_ONE_BEFORE, MONTHS
from amazing_assets.defs.resources.stores import LakeResource, LandingResource, WarehouseResource
from amazing_assets.defs.tables.checks import blocking_check, warning_check, warning_result
from amazing_assets.defs.tables.declare import (
    ENGINEERS,
    SCIENTISTS,
    in_lake,
    lake_table,
    warehouse_table,
)
from amazing_assets.defs.tables.metadata import Metadata, picture, table
from amazing_assets.defs.tables.publish import (
    audited,
    failing_plainly,
    has_landed,
    nothing_landed,
    plain_failures,
    publish,
)
from amazing_assets.defs.tables.rows import (
    CHECKS,
    file_metadata,
    refusal,
    reject_metadata,
    row_checks,
    row_warnings,
)
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.defs.triggers.provenance import FILES_SIGNATURE
from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import (
    CleanEvents,
    EventStatistics,
    RawEvents,
    RejectedEvents,
)
from amazing_assets.events.crowds import crowded_sessions
from amazing_assets.events.reading.expected import expected_events
from amazing_assets.events.reading.ingest import ingest
from amazing_assets.events.statistics import charts
from amazing_assets.events.statistics.describe import describe
from amazing_assets.events.statistics.monitors import LAST_MONTHS, MONITORS
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.left_out import erased
from amazing_assets.lake.shard import Query
from amazing_assets.landing.arrivals import signature_of
from amazing_assets.warehouse.warehouse import Warehouse


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            "raw_events",
            deps=["landing_zone"],
            **in_lake(RawEvents, "events", ENGINEERS),
            description=(
                "Every readable row of the month's files as delivered: times in UTC, prices in "
                "cents, customers by pseudonym. One row per row of the files."
            ),
        ),
        dg.AssetSpec(
            "rejected_events",
            deps=["landing_zone"],
            **in_lake(RejectedEvents, "events", ENGINEERS),
            description=(
                "Every row of the month's files that could not be read or does not belong to the "
                "month, word for word, with file, line number and reason; customer ids are masked."
            ),
        ),
    ],
    partitions_def=MONTHS,
    check_specs=[
        blocking_check("raw_events"),
        blocking_check("rejected_events"),
        *CHECKS,
    ],
)
@failing_plainly
def landed_events(
    context: dg.AssetExecutionContext, lake: LakeResource, landing: LandingResource
) -> Iterator[Any]:
    """Read a month's files into events and rejects."""
    tables, month = lake.open(), context.partition_key
    with plain_failures():
        # Before anything is written: what is refused leaves no trace.
        files, unread = landing.files_of(month), landing.open().unread_of(month)
        key = landing.admit(tables.root)
        tables.expect(expected_events(files))
    with (
        plain_failures(),
        tables.draft("raw_events", month, RawEvents) as raw,
        tables.draft("rejected_events", month, RejectedEvents) as rejected,
    ):
        gone = erased(tables.root, key)
        found = ingest(files, raw, rejected, month=month, key=key, erased=gone)
        checks, warnings = row_checks(found), row_warnings(found, unread, month)
        for sentence in (
            *found.warnings,
            *(each.description for each in warnings if not each.passed),
        ):
            context.log.warning(sentence)
        yield from (*checks, *warnings)
        if not all(check.passed for check in checks):
            raise dg.Failure(refusal(month, found), allow_retries=False)
        signature = signature_of({file.name: file.version for file in files})
        yield from publish(
            raw, lambda: {FILES_SIGNATURE: signature, **file_metadata(found, unread)}
        )
        yield from publish(rejected, lambda: reject_metadata(found))


@lake_table("clean_events", CleanEvents, "events", ENGINEERS, deps=["raw_events"])
def clean_events(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[Any]:
    """What customers did in a month: one row per thing that happened, by customer and time.

    Exact copies count once, prices of zero are no prices, purchases below zero are returns, and
    customers who click like robots, or share a session with over twenty others, are flagged, never
    dropped.
    """
    tables, month = lake.open(), context.partition_key
    with plain_failures(), tables.draft("clean_events", month, CleanEvents) as draft:
        clean = partial(clean_shard, crowded=crowded_sessions(tables, month))
        draft.fill(Query(clean, ("raw_events",), (month,)))
        raw = tables.scan("raw_events", month).select(pl.len()).collect().item()
        yield from publish(draft, lambda: {"duplicates dropped": raw - draft.rows})


@warehouse_table(
    "event_statistics",
    EventStatistics,
    "events",
    SCIENTISTS,
    *(warning_check("event_statistics", name, each.expects) for name, each in MONITORS.items()),
    deps=[
        "raw_events",
        "rejected_events",
        dg.AssetDep("clean_events", partition_mapping=MONTH_AND_THE_ONE_BEFORE),
    ],
    # raw_events of the month itself is the gate, the events of two months are the trigger.
    automation_condition=follow(
        trigger_ignore=["raw_events", "rejected_events"], missing_ignore=["clean_events"]
    ),
)
def event_statistics(
    context: dg.AssetExecutionContext, lake: LakeResource, warehouse_file: WarehouseResource
) -> Iterator[Any]:
    """The month described, in figures and plots.

    Volumes by day and hour, funnel, missing values, prices, categories, brands, sessions, customers
    by number of events, outages, and what changed against the month before. One row per figure:
    its topic, what it is about, the measure and the value.
    """
    tables, month = lake.open(), context.partition_key
    if not has_landed(tables, month):
        yield from nothing_landed("event_statistics", *MONITORS)
        return
    with plain_failures():
        statistics = describe(tables, month)
        # Before the month is written: a check that cannot read fails the run with nothing made.
        before = _months_before(warehouse_file.open(), month)
    yield from audited(
        "event_statistics", EventStatistics, statistics, _statistics_metadata(statistics)
    )
    for name, each in MONITORS.items():
        yield warning_result("event_statistics", name, each.find(statistics, before))


def _months_before(warehouse: Warehouse, month: str) -> pl.DataFrame:
    day = first_day(month)
    first, last = add_months(day, -LAST_MONTHS), add_months(day, -1)
    known = warehouse.read_partitions("event_statistics", first, last)
    return pl.DataFrame(schema=schema_of(EventStatistics)) if known is None else known


def _statistics_metadata(statistics: pl.DataFrame) -> Metadata:
    plots = {
        "volume by day": charts.volume_by_day,
        "volume by hour": charts.volume_by_hour,
        "customers by events": charts.customers_by_events,
        "prices": charts.price_distribution,
    }
    notable = statistics.filter(
        pl.col("topic").is_in(
            [
                "quality",
                "funnel",
                "sale",
                "crowded_session",
                "warning",
                "outage",
                "missing_day",
                "spike",
            ]
        )
    ).select("topic", "item", "measure", "value")
    return {
        "figures": table(notable),
        **{name: picture(plot(statistics)) for name, plot in plots.items()},
    }
