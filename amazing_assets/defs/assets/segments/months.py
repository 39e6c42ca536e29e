"""Assets about the segments of a month: who they are, who moved, and the report."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from amazing_assets.dates import add_months, first_day
from amazing_assets.defs.assets.segments.champion import champion_of
from amazing_assets.defs.freshness import BY_THE_FIFTH
from amazing_assets.defs.partitions import MONTH_AND_THE_ONE_BEFORE, MONTHS, MONTHS_OF_HISTORY
from amazing_assets.defs.resources.stores import (
    LakeResource,
    ModelsResource,
    ReportsResource,
    WarehouseResource,
)
from amazing_assets.defs.tables.declare import MARKETING, warehouse_table
from amazing_assets.defs.tables.metadata import made_of, picture, table
from amazing_assets.defs.tables.publish import (
    NOTHING,
    audited,
    failing_plainly,
    has_landed,
    nothing_landed,
    plain_failures,
)
from amazing_assets.defs.triggers.asked import chosen_with
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets.segments.lineage import assignment_lineage
from amazing_assets.segments.naming.given import given_names
from amazing_assets.segments.profiles.contract import SegmentMigrations, SegmentProfiles
from amazing_assets.segments.profiles.sizes import segment_sizes, sizes_of_segments
from amazing_assets.warehouse.warehouse import read_month


@warehouse_table(
    "segment_assignments",
    SegmentAssignments,
    "segments",
    MARKETING,
    deps=["user_features", "segment_model"],
    # A new model does not rewrite history: assigning past months again is asked for by a person.
    automation_condition=follow(trigger_ignore=["segment_model"]),
)
def segment_assignments(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> Iterator[Any]:
    """The segment of each customer at the end of a month, or the reason for none.

    Assigned by the model in use at the time; a newer one does not rewrite past months.
    """
    from amazing_assets.segments.behaviour.columns import load_columns  # noqa: PLC0415

    tables, month = lake.open(), context.partition_key
    if not has_landed(tables, month):
        yield from nothing_landed("segment_assignments")
        return
    champion = champion_of(models)
    with plain_failures():
        features = load_columns(tables, month, champion.model.columns)
        assignments = champion.assign(features, first_day(month))
    sizes = segment_sizes(assignments, given_names(Path(models.artifacts)))
    metadata = {
        "model version": champion.version,
        "segments": table(sizes),
        "sizes": picture(sizes_of_segments(sizes, month)),
        **made_of(assignment_lineage(champion.model)),
    }
    yield from audited("segment_assignments", SegmentAssignments, assignments, metadata)


# What customers did in the seven months; assignments of the month are the news that count.
HISTORY_INPUTS = ("sessions", "user_products")


@warehouse_table(
    "segment_profiles",
    SegmentProfiles,
    "segments",
    MARKETING,
    deps=[
        "segment_assignments",
        "user_features",
        *(dg.AssetDep(name, partition_mapping=MONTHS_OF_HISTORY) for name in HISTORY_INPUTS),
    ],
    automation_condition=follow(
        trigger_ignore=["user_features", *HISTORY_INPUTS], missing_ignore=HISTORY_INPUTS
    ),
)
def segment_profiles(
    context: dg.AssetExecutionContext, lake: LakeResource, warehouse_file: WarehouseResource
) -> Iterator[Any]:
    """What characterises each segment: its size, revenue, habits, tastes and hours.

    One row per figure, with the number of customers behind it; figures of fewer than 20 customers
    are hidden.
    """
    from amazing_assets.segments.profiles.profiles import (  # noqa: PLC0415  scikit-learn, as above
        profile,
    )

    tables, month = lake.open(), context.partition_key
    if not has_landed(tables, month):
        yield from nothing_landed("segment_profiles")
        return
    with plain_failures():
        assignments = read_month(warehouse_file.open(), "segment_assignments", first_day(month))
        if assignments is None:
            raise dg.Failure(_unassigned(month), allow_retries=False)
        profiles = profile(tables, assignments, month)
    hidden = int(profiles["is_suppressed"].sum())
    yield from audited("segment_profiles", SegmentProfiles, profiles, {"figures hidden": hidden})


def _unassigned(month: str) -> str:
    return (
        f"Nobody has been assigned to a segment in {month}; materialize segment_assignments for "
        f"{month} first."
    )


@warehouse_table(
    "segment_migrations",
    SegmentMigrations,
    "segments",
    MARKETING,
    # The month's own profiles are the gate; news of either month's assignments are the reason.
    deps=[
        "segment_profiles",
        dg.AssetDep("segment_assignments", partition_mapping=MONTH_AND_THE_ONE_BEFORE),
    ],
    automation_condition=follow(
        trigger_ignore=["segment_profiles"], missing_ignore=["segment_assignments"]
    ),
)
def segment_migrations(
    context: dg.AssetExecutionContext, lake: LakeResource, warehouse_file: WarehouseResource
) -> Iterator[Any]:
    """Who moved from which segment to which since the month before.

    Also who is new, gone or without a segment. Moves of fewer than 20 customers are hidden. Empty
    for the first month that has assignments.
    """
    from amazing_assets.segments.profiles.migrations import migrate  # noqa: PLC0415  as above

    if not has_landed(lake.open(), context.partition_key):
        yield from nothing_landed("segment_migrations")
        return
    month, warehouse = first_day(context.partition_key), warehouse_file.open()
    with plain_failures():
        before, now = (
            read_month(warehouse, "segment_assignments", day)
            for day in (add_months(month, -1), month)
        )
    if now is None:
        raise dg.Failure(_unassigned(context.partition_key), allow_retries=False)
    moves = migrate(before, now, month)
    shown = int(moves["users"].count())
    yield from audited("segment_migrations", SegmentMigrations, moves, {"moves shown": shown})


# What the report tells where it is known; news of it alone are no reason for another report.
REPORT_INPUTS = (
    "event_statistics",
    "event_threshold",
    "segment_candidates",
    "segment_validation",
    "segment_features",
    "segment_assigners",
    "segment_rules",
    "segment_surrogate",
    "segment_confusion",
    "segment_roc",
    "segment_drift",
    "next_action_evaluation",
    # Of the weeks that have days in the month.
    "churn_scores",
    "churn_feedback",
)


@dg.asset(
    partitions_def=MONTHS,
    deps=["segment_profiles", "segment_migrations", *REPORT_INPUTS],
    freshness_policy=BY_THE_FIFTH,
    group_name="segments",
    kinds={"altair", "typst"},
    owners=["team:marketing"],
    automation_condition=follow(trigger_ignore=REPORT_INPUTS, missing_ignore=REPORT_INPUTS),
)
@failing_plainly
def segment_report(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    warehouse_file: WarehouseResource,
    reports: ReportsResource,
    models: ModelsResource,
) -> dg.MaterializeResult[Any]:
    """The report on the segments for marketing and the board, in French and English.

    A page on the web and a document to print: two pages for who decides, one for each segment (who
    they are, what they like, what to do), who is at risk. The evidence is a document of its own.
    Of the newest month; of an earlier one where it was written before, or is asked for alone.
    """
    # Imported here: charts and page setting take seconds, and definitions load without them.
    from amazing_assets.delivery.report.printing.files import has_files, write_files  # noqa: PLC0415
    from amazing_assets.delivery.report.tables import (  # noqa: PLC0415
        TooFewCustomersError,
        read_tables,
    )

    month, landed = context.partition_key, lake.open()
    if not has_landed(landed, month):
        return dg.MaterializeResult(metadata=NOTHING)
    newest = landed.months("clean_events")[-1]
    if month < newest and not (has_files(reports.path, month) or _is_asked_for(context)):
        return dg.MaterializeResult(metadata={"left": _left(month, newest)})
    with plain_failures():
        try:
            given = given_names(Path(models.artifacts))
            tables = read_tables(warehouse_file.open(), month, given)
        except TooFewCustomersError as error:
            # Nothing went wrong: of a shop so small there is no report.
            return dg.MaterializeResult(metadata={"empty": str(error)})
    if tables is None:
        raise dg.Failure(_unassigned(month), allow_retries=False)
    written = write_files(tables, reports.path)
    return dg.MaterializeResult(
        metadata={
            "model version": tables.model_version,
            "not measured yet": ", ".join(tables.missing) or "nothing",
            "all reports": dg.MetadataValue.url(f"{reports.url}/"),
            **{
                f"{file.document} {file.kind} {file.language}": dg.MetadataValue.url(
                    reports.link(file.path)
                )
                for file in written
            },
            **{
                f"{file.document} pages {file.language}": file.pages
                for file in written
                if file.pages
            },
        }
    )


def _is_asked_for(context: dg.AssetExecutionContext) -> bool:
    """Whether a person chose the report alone; a backfill makes it with all that it is made of."""
    return chosen_with(context) == {context.asset_key}


def _left(month: str, newest: str) -> str:
    return (
        f"Not written, for {newest} is newer; `amazing report --month {month}` writes it, and so "
        f"does this asset, chosen alone."
    )
