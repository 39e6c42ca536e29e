"""Assets of the events: read, rejected, cleaned, described."""

import base64
from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from amazing_assets.defs.automation import follow
from amazing_assets.defs.checks import (
    Metadata,
    audited,
    columns,
    has_landed,
    nothing_landed,
    promise,
    publish,
    told_plainly,
)
from amazing_assets.defs.partitions import MONTH_AND_THE_ONE_BEFORE, MONTHS
from amazing_assets.defs.resources.stores import LakeResource, LandingResource
from amazing_assets.events import charts
from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import (
    CleanEvents,
    EventStatistics,
    RawEvents,
    RejectedEvents,
)
from amazing_assets.events.description import describe
from amazing_assets.events.ingest import Ingested, ingest

ACCOUNTED = "every_row_is_accounted_for"
READABLE = "month_is_mostly_readable"


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            "raw_events",
            deps=["landing_zone"],
            group_name="events",
            kinds={"polars", "parquet"},
            owners=["team:data-engineering"],
            metadata=columns(RawEvents),
            description=(
                "Every readable row of the month's files as delivered: times in UTC, prices in "
                "cents, customers by pseudonym. One row per row of the files."
            ),
        ),
        dg.AssetSpec(
            "rejected_events",
            deps=["landing_zone"],
            group_name="events",
            kinds={"polars", "parquet"},
            owners=["team:data-engineering"],
            metadata=columns(RejectedEvents),
            description=(
                "Every row of the month's files that could not be read or does not belong to the "
                "month, word for word, with file, line number and reason; customer ids are masked."
            ),
        ),
    ],
    partitions_def=MONTHS,
    check_specs=[
        promise("raw_events"),
        promise("rejected_events"),
        promise("raw_events", ACCOUNTED, "Rows in the files = rows kept + rows rejected."),
        promise("raw_events", READABLE, "At most half of the rows of the month were rejected."),
    ],
)
def landed_events(
    context: dg.AssetExecutionContext, lake: LakeResource, landing: LandingResource
) -> Iterator[Any]:
    """Read a month's files into events and rejects."""
    tables, month = lake.open(), context.partition_key
    with (
        told_plainly(),
        tables.draft("raw_events", month, RawEvents) as raw,
        tables.draft("rejected_events", month, RejectedEvents) as rejected,
    ):
        files = landing.open().files_of(month)
        found = ingest(files, raw, rejected, month=month, key=landing.key())
        for warning in found.warnings:
            context.log.warning(warning)
        checks = _row_checks(found)
        yield from checks
        if not all(check.passed for check in checks):
            raise dg.Failure(_refusal(month, found), allow_retries=False)
        yield from publish(raw, _ingest_metadata(found))
        yield from publish(rejected, {"reasons": _table(found.reasons, "reason", "rows")})


def _row_checks(found: Ingested) -> list[dg.AssetCheckResult]:
    figures = {"rows": found.rows, "kept": found.kept, "rejected": found.rejected}
    return [
        dg.AssetCheckResult(
            asset_key="raw_events", check_name=name, passed=passed, metadata=figures
        )
        for name, passed in ((ACCOUNTED, found.is_complete), (READABLE, found.is_readable))
    ]


def _refusal(month: str, found: Ingested) -> str:
    worst = next(iter(found.reasons), "none")
    return (
        f"{month}: {found.rejected:,} of {found.rows:,} rows were rejected, most as {worst}; "
        f"check the files {', '.join(file.file for file in found.files)}."
    )


def _ingest_metadata(found: Ingested) -> Metadata:
    files = [dg.TableRecord(vars(file)) for file in found.files]
    return {
        "rows in files": found.rows,
        "rows rejected": found.rejected,
        "files": dg.MetadataValue.table(files),
        "warnings": list(found.warnings),
    }


def _table(values: dict[str, int], name: str, number: str) -> dg.TableMetadataValue | str:
    records = [dg.TableRecord({name: key, number: value}) for key, value in values.items()]
    return dg.MetadataValue.table(records) if records else "none"


@dg.asset(
    partitions_def=MONTHS,
    deps=["raw_events"],
    group_name="events",
    kinds={"polars", "parquet"},
    owners=["team:data-engineering"],
    metadata=columns(CleanEvents),
    check_specs=[promise("clean_events")],
)
def clean_events(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[Any]:
    """What customers did in a month: one row per thing that happened, by customer and time.

    Exact copies count once, prices of zero are no prices, and customers who click like robots are
    flagged, never dropped.
    """
    tables, month = lake.open(), context.partition_key
    with told_plainly(), tables.draft("clean_events", month, CleanEvents) as draft:
        draft.fill(lambda shard: clean_shard(tables.shard("raw_events", shard, month)))
        raw = tables.scan("raw_events", month).select(pl.len()).collect().item()
        yield from publish(draft, {"duplicates dropped": raw - draft.rows})


@dg.asset(
    partitions_def=MONTHS,
    deps=[
        "raw_events",
        "rejected_events",
        dg.AssetDep("clean_events", partition_mapping=MONTH_AND_THE_ONE_BEFORE),
    ],
    group_name="events",
    kinds={"polars", "duckdb"},
    owners=["team:data-science"],
    io_manager_key="warehouse",
    pool="duckdb",
    metadata={"partition_expr": "month", **columns(EventStatistics)},
    check_specs=[promise("event_statistics")],
    # raw_events of the month itself is the gate, the events of two months are the trigger.
    automation_condition=follow(
        trigger_ignore=["raw_events", "rejected_events"], missing_ignore=["clean_events"]
    ),
)
def event_statistics(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[Any]:
    """The month described, in figures and plots.

    Volumes by day and hour, funnel, missing values, prices, categories, brands, sessions, customers
    by number of events, outages, and what changed against the month before. One row per figure:
    its topic, what it is about, the measure and the value.
    """
    tables, month = lake.open(), context.partition_key
    if not has_landed(tables, month):
        yield from nothing_landed("event_statistics")
        return
    with told_plainly():
        statistics = describe(tables, month)
        yield from audited(
            "event_statistics", EventStatistics, statistics, _statistics_metadata(statistics)
        )


def _statistics_metadata(statistics: pl.DataFrame) -> Metadata:
    plots = {
        "volume by day": charts.volume_by_day,
        "volume by hour": charts.volume_by_hour,
        "customers by events": charts.customers_by_events,
        "prices": charts.price_distribution,
    }
    notable = statistics.filter(
        pl.col("topic").is_in(["quality", "funnel", "warning", "outage", "missing_day", "spike"])
    ).select("topic", "item", "measure", "value")
    records = [dg.TableRecord(row) for row in notable.to_dicts()]
    return {
        "figures": dg.MetadataValue.table(records),
        **{name: _image(plot(statistics)) for name, plot in plots.items()},
    }


def _image(png: bytes) -> dg.MarkdownMetadataValue:
    encoded = base64.b64encode(png).decode()
    return dg.MetadataValue.md(f"![](data:image/png;base64,{encoded})")
