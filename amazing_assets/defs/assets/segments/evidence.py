"""Assets that say why the segments may be trusted: threshold, rules, drift."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg
import pandera.polars as pa
import polars as pl

from amazing_assets.defs.assets.segments.champion import champion_of
from amazing_assets.defs.freshness import EVERY_QUARTER
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.progress import logged
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.tables.checks import blocking_check
from amazing_assets.defs.tables.contracts import EXPLAINED, SEARCHED
from amazing_assets.defs.tables.declare import (
    MARKETING,
    SCIENTISTS,
    database,
    model_tables,
    warehouse_table,
)
from amazing_assets.defs.tables.metadata import columns, picture
from amazing_assets.defs.tables.publish import (
    audited,
    failing_plainly,
    has_landed,
    nothing_landed,
    plain_failures,
)
from amazing_assets.defs.triggers.automation import first_trained, follow
from amazing_assets.language.language import ENGLISH
from amazing_assets.models.drift import REFIT
from amazing_assets.models.tables import versioned
from amazing_assets.segments.drift.contract import SegmentDrift
from amazing_assets.segments.registered import SEGMENT_MODEL
from amazing_assets.segments.threshold.contract import EventThreshold
from amazing_assets.segments.threshold.words import why

if TYPE_CHECKING:
    from amazing_assets.segments.training.published import Published

NO_DRIFT = "customers_are_as_they_were"

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


@dg.asset(
    deps=["user_features", "clean_events", "price_book"],
    freshness_policy=EVERY_QUARTER,
    group_name="segments",
    kinds={"polars", "scikitlearn", database()},
    owners=["team:data-science"],
    # No writer's slot: it would be held for minutes of computing, for a write of one second. The
    # warehouse itself waits for its file.
    io_manager_key="warehouse",
    metadata=columns(EventThreshold),
    check_specs=[blocking_check("event_threshold", cadence=None)],
    automation_condition=first_trained(),
)
@failing_plainly
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
    from amazing_assets.segments.threshold.run import Champion, tried_threshold  # noqa: PLC0415
    from amazing_assets.segments.training import publication  # noqa: PLC0415

    with plain_failures():
        found, unreadable = publication.readable_champion(models.of(SEGMENT_MODEL))
        champion = Champion(found.model, found.version) if found else None
        evidence = tried_threshold(lake.open(), champion, logged(context))
    if unreadable:
        context.log.warning(unreadable)
    choice = chosen(evidence)
    if not choice.tested:
        context.log.warning(why(choice, ENGLISH))
    metadata = {
        "events": choice.events,
        "why": why(choice, ENGLISH),
        "reliability": picture(charts.reliability(evidence)),
    }
    yield from audited("event_threshold", EventThreshold, evidence, metadata)


@model_tables("segment_model", EXPLAINED, _DESCRIPTIONS, "segments", MARKETING)
def segment_explanation(models: ModelsResource) -> Iterator[Any]:
    """The champion as rules, and how far they may stand for it."""
    from amazing_assets.segments.explanation.surrogate import told_tables  # noqa: PLC0415  as above

    champion = champion_of(models)
    yield from _told(champion, EXPLAINED, told_tables(champion.surrogate))


@model_tables("segment_model", SEARCHED, _DESCRIPTIONS, "segments", SCIENTISTS)
def segment_search(models: ModelsResource) -> Iterator[Any]:
    """Why the champion's segments are what they are: candidates, validation, features, rules."""
    champion = champion_of(models)
    yield from _told(champion, SEARCHED, champion.model.search_tables)


def _told(
    champion: "Published",
    contracts: dict[str, type[pa.DataFrameModel]],
    tables: dict[str, pl.DataFrame],
) -> Iterator[Any]:
    for name, contract in contracts.items():
        facts = {"model version": champion.version}
        rows = versioned(tables[name], contract, champion.version)
        yield from audited(name, contract, rows, facts, output=name)


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
    champion = champion_of(models)
    with plain_failures():
        measured = drift_of_month(tables, champion.model, champion.reference, month)
        drift = versioned(measured, SegmentDrift, champion.version)
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
