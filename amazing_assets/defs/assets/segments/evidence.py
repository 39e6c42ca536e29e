"""Assets that say why the segments may be trusted: threshold, rules, drift."""

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg
import pandera.polars as pa
import polars as pl

from amazing_assets.defs.freshness import EVERY_QUARTER
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.progress import logged
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.tables.checks import promise
from amazing_assets.defs.tables.declare import SCIENTISTS, warehouse_table
from amazing_assets.defs.tables.metadata import columns
from amazing_assets.defs.tables.publish import (
    NO_CHAMPION,
    audited,
    has_landed,
    nothing_landed,
    told_plainly,
)
from amazing_assets.defs.triggers.automation import follow, trained
from amazing_assets.language.language import ENGLISH
from amazing_assets.models.drift import REFIT
from amazing_assets.segments.drift.contract import SegmentDrift
from amazing_assets.segments.explanation.contract import (
    SegmentConfusion,
    SegmentRoc,
    SegmentRules,
    SegmentSurrogate,
)
from amazing_assets.segments.search.contract import (
    SegmentAssigners,
    SegmentCandidates,
    SegmentFeatures,
    SegmentValidation,
)
from amazing_assets.segments.threshold.contract import EventThreshold
from amazing_assets.segments.threshold.words import why

if TYPE_CHECKING:
    from amazing_assets.segments.model import SegmentModel

NO_DRIFT = "customers_are_as_they_were"

# Made by one step each, of the champion.
EXPLAINED: dict[str, type[pa.DataFrameModel]] = {
    "segment_rules": SegmentRules,
    "segment_surrogate": SegmentSurrogate,
    "segment_confusion": SegmentConfusion,
    "segment_roc": SegmentRoc,
}
SEARCHED: dict[str, type[pa.DataFrameModel]] = {
    "segment_candidates": SegmentCandidates,
    "segment_validation": SegmentValidation,
    "segment_features": SegmentFeatures,
    "segment_assigners": SegmentAssigners,
}
_DESCRIPTIONS = {
    "segment_rules": """The segments as rules that a person can read.

    Who is in which segment, by intervals of a few features, a row for each; the report says them in
    words.""",
    "segment_surrogate": "How faithfully rules copy the segment model, on customers held out.",
    "segment_confusion": "Which segments the rules take for which others, on customers held out.",
    "segment_roc": "How many strangers the rules of a segment let in for the customers they find.",
    "segment_candidates": """Every way of grouping customers that was tried, and how it did.

    For each number of segments: how stable they are, how far apart, and which gate was missed.""",
    "segment_validation": """The chosen segments on customers who took no part in finding them.

    Also what becomes of them without limits for extreme values, and without the top spenders.""",
    "segment_features": """Which habits tell the segments apart, and which were left out and why.

    How many customers change segment when a habit is shuffled, and what is found without it.""",
    "segment_assigners": "How well simpler rules place customers where the segment model does.",
}


def _outs(tables: dict[str, type[pa.DataFrameModel]], owner: str) -> dict[str, dg.AssetOut]:
    """Warehouse tables about the champion, made again with every new one."""
    return {
        name: dg.AssetOut(
            io_manager_key="warehouse",
            group_name="segments",
            kinds={"scikitlearn", "duckdb"},
            owners=[owner],
            metadata=columns(contract),
            description=_DESCRIPTIONS[name],
            automation_condition=follow(),
            freshness_policy=EVERY_QUARTER,
        )
        for name, contract in tables.items()
    }


@dg.asset(
    deps=["user_features", "clean_events", "price_book"],
    freshness_policy=EVERY_QUARTER,
    group_name="segments",
    kinds={"polars", "scikitlearn", "duckdb"},
    owners=["team:data-science"],
    io_manager_key="warehouse",
    pool="duckdb",
    metadata=columns(EventThreshold),
    check_specs=[promise("event_threshold", monthly=False)],
    automation_condition=trained(),
)
def event_threshold(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> Iterator[Any]:
    """From how many events on a customer's segment can be relied upon, and the evidence.

    Customers are watched on every second visit: from so many events on, the visits seen and those
    not seen lead to the same segment. Below it no segment is claimed.
    """
    # Imported here: scikit-learn and MLflow take seconds, and definitions load without them.
    from amazing_assets.segments.threshold import charts  # noqa: PLC0415
    from amazing_assets.segments.threshold.choice import chosen  # noqa: PLC0415
    from amazing_assets.segments.threshold.run import tried_threshold  # noqa: PLC0415
    from amazing_assets.segments.training import publication  # noqa: PLC0415

    with told_plainly():
        champion = publication.champion(models.tracking_uri)
        evidence = tried_threshold(lake.open(), champion, logged(context))
    choice = chosen(evidence)
    if not choice.tested:
        context.log.warning(why(choice, ENGLISH))
    picture = base64.b64encode(charts.reliability(evidence)).decode()
    metadata = {
        "events": choice.events,
        "why": why(choice, ENGLISH),
        "reliability": dg.MetadataValue.md(f"![reliability](data:image/png;base64,{picture})"),
    }
    yield from audited("event_threshold", EventThreshold, evidence, metadata)


@dg.multi_asset(
    outs=_outs(EXPLAINED, "team:marketing"),
    deps=["segment_model"],
    check_specs=[promise(name, monthly=False) for name in EXPLAINED],
    pool="duckdb",
)
def segment_explanation(models: ModelsResource) -> Iterator[Any]:
    """The champion as rules, and how far they may stand for it."""
    from amazing_assets.segments.explanation.surrogate import told_tables  # noqa: PLC0415  as above

    champion = _champion(models)
    yield from _told(champion, EXPLAINED, told_tables(champion))


@dg.multi_asset(
    outs=_outs(SEARCHED, "team:data-science"),
    deps=["segment_model"],
    check_specs=[promise(name, monthly=False) for name in SEARCHED],
    pool="duckdb",
)
def segment_search(models: ModelsResource) -> Iterator[Any]:
    """Why the champion's segments are what they are: candidates, validation, features, rules."""
    champion = _champion(models)
    yield from _told(champion, SEARCHED, champion.evidence)


def _champion(models: ModelsResource) -> "SegmentModel":
    from amazing_assets.segments.training import publication  # noqa: PLC0415  as above

    champion = publication.champion(models.tracking_uri)
    if champion is None:
        raise dg.Failure(NO_CHAMPION, allow_retries=False)
    return champion


def _told(
    champion: "SegmentModel",
    contracts: dict[str, type[pa.DataFrameModel]],
    tables: dict[str, pl.DataFrame],
) -> Iterator[Any]:
    for name, contract in contracts.items():
        facts = {"model version": champion.version}
        yield from audited(name, contract, tables[name], facts, output=name)


@warehouse_table(
    "segment_drift",
    SegmentDrift,
    "segments",
    SCIENTISTS,
    dg.AssetCheckSpec(
        NO_DRIFT,
        asset="segment_drift",
        partitions_def=MONTHS,
        description="Nothing moved so far since the fit that the segments need a new one.",
    ),
    # Month to month: what automation requests itself must not wait for several months of it.
    deps=["user_features", "segment_model", "segment_assignments"],
    automation_condition=follow(trigger_ignore=["user_features", "segment_model"]),
)
def segment_drift(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> Iterator[Any]:
    """Whether customers still are what they were when the segments were found.

    Population stability of segments and features, and how clearly customers belong where they are
    put.
    """
    from amazing_assets.models.drift import alarms, worst  # noqa: PLC0415
    from amazing_assets.segments.drift.month import drift_of_month  # noqa: PLC0415

    tables, month = lake.open(), context.partition_key
    if not has_landed(tables, month):
        yield from nothing_landed("segment_drift", NO_DRIFT)
        return
    champion = _champion(models)
    with told_plainly():
        drift = drift_of_month(tables, champion, month)
    level, told = worst(drift), alarms(drift)
    facts = {"level": level, "model_version": champion.version, "alarms": ", ".join(told) or "none"}
    yield from audited("segment_drift", SegmentDrift, drift, facts)
    yield dg.AssetCheckResult(
        asset_key="segment_drift",
        check_name=NO_DRIFT,
        passed=not told,
        severity=dg.AssetCheckSeverity.ERROR if level == REFIT else dg.AssetCheckSeverity.WARN,
        description=f"Moved since the fit: {', '.join(told)}." if told else "Nothing moved.",
        metadata={"level": level},
    )
