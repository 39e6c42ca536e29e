"""Assets of the segments: the model, and who belongs to which segment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from amazing_assets.dates import add_months, first_day
from amazing_assets.defs.automation import NIGHTLY, follow
from amazing_assets.defs.checks import audited, columns, promise, told_plainly
from amazing_assets.defs.partitions import MONTH_BEFORE, MONTHS, MONTHS_OF_HISTORY
from amazing_assets.defs.resources.stores import (
    LakeResource,
    ModelsResource,
    ReportsResource,
    WarehouseResource,
)
from amazing_assets.delivery.duckdb import read_month
from amazing_assets.segments.contract import (
    SegmentAssignments,
    SegmentMigrations,
    SegmentProfiles,
)
from amazing_assets.segments.settings import Progress


@dg.asset(
    deps=["user_features"],
    group_name="segments",
    kinds={"scikitlearn", "mlflow"},
    owners=["team:data-science"],
    automation_condition=NIGHTLY,
)
def segment_model(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> dg.MaterializeResult[Any]:
    """Which groups of customers there are, by what they do: the model that assigns every customer.

    Trained on the latest month's features, compared with the RFM grid, registered in MLflow as
    `segments` and made its champion.
    """
    # Imported here: scikit-learn and MLflow take seconds, and definitions load without them.
    from amazing_assets.segments import registry  # noqa: PLC0415
    from amazing_assets.segments.card import model_card  # noqa: PLC0415
    from amazing_assets.segments.training import train  # noqa: PLC0415

    with told_plainly():
        model = train(lake.open(), _logged(context))
    if model.alert:
        context.log.warning("Segment model: %s", model.alert)
    version = registry.publish_unless_worse(
        model, models.tracking_uri, Path(models.artifacts).as_uri()
    )
    candidates = [dg.TableRecord(row) for row in model.selection_table.to_dicts()]
    return dg.MaterializeResult(
        metadata={
            "version": version or "none published, the champion before stays",
            "alert": model.alert or "none",
            "model card": dg.MetadataValue.md(model_card(model)),
            **({"candidates": dg.MetadataValue.table(candidates)} if candidates else {}),
            **registry.metrics(model),
        }
    )


def _logged(context: dg.AssetExecutionContext) -> Progress:
    return lambda done, total, text: context.log.info("%d of %d: %s", done, total, text)


@dg.asset(
    partitions_def=MONTHS,
    deps=["user_features", "segment_model"],
    group_name="segments",
    kinds={"polars", "duckdb"},
    owners=["team:marketing"],
    io_manager_key="warehouse",
    pool="duckdb",
    metadata={"partition_expr": "month", **columns(SegmentAssignments)},
    check_specs=[promise("segment_assignments")],
    # A new model does not rewrite history: assigning past months again is asked for by a person.
    automation_condition=follow(trigger_ignore=["segment_model"]),
)
def segment_assignments(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> Iterator[Any]:
    """The segment of each customer at the end of a month, or the reason for none.

    Assigned by the champion model without fitting it again.
    """
    from amazing_assets.segments import registry  # noqa: PLC0415  see above
    from amazing_assets.segments.training import load_columns  # noqa: PLC0415

    month = context.partition_key
    model = registry.champion(models.tracking_uri)
    if model is None:
        raise dg.Failure(
            "No segment model is the champion yet; materialize segment_model first.",
            allow_retries=False,
        )
    with told_plainly():
        features = load_columns(lake.open(), month, model.columns)
        assignments = model.assign(features, first_day(month))
    yield from audited(
        "segment_assignments", SegmentAssignments, assignments, {"model version": model.version}
    )


# What customers did in the seven months; assignments of the month are the news that count.
HISTORY_INPUTS = ("sessions", "user_products")


@dg.asset(
    partitions_def=MONTHS,
    deps=[
        "segment_assignments",
        "user_features",
        *(dg.AssetDep(name, partition_mapping=MONTHS_OF_HISTORY) for name in HISTORY_INPUTS),
    ],
    group_name="segments",
    kinds={"polars", "duckdb"},
    owners=["team:marketing"],
    io_manager_key="warehouse",
    pool="duckdb",
    metadata={"partition_expr": "month", **columns(SegmentProfiles)},
    check_specs=[promise("segment_profiles")],
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
    from amazing_assets.segments.profiles import profile  # noqa: PLC0415  scikit-learn, as above

    month = context.partition_key
    assignments = read_month(warehouse_file.path, "segment_assignments", first_day(month))
    if assignments is None:
        raise dg.Failure(_unassigned(month), allow_retries=False)
    with told_plainly():
        profiles = profile(lake.open(), assignments, month)
    hidden = int(profiles["is_suppressed"].sum())
    yield from audited("segment_profiles", SegmentProfiles, profiles, {"figures hidden": hidden})


def _unassigned(month: str) -> str:
    return (
        f"Nobody has been assigned to a segment in {month}; materialize segment_assignments for "
        f"{month} first."
    )


@dg.asset(
    partitions_def=MONTHS,
    # The month's own profiles are the gate; news of either month's assignments are the reason.
    deps=[
        "segment_profiles",
        dg.AssetDep("segment_assignments", partition_mapping=MONTH_BEFORE),
    ],
    group_name="segments",
    kinds={"polars", "duckdb"},
    owners=["team:marketing"],
    io_manager_key="warehouse",
    pool="duckdb",
    metadata={"partition_expr": "month", **columns(SegmentMigrations)},
    check_specs=[promise("segment_migrations")],
    automation_condition=follow(
        trigger_ignore=["segment_profiles"], missing_ignore=["segment_assignments"]
    ),
)
def segment_migrations(
    context: dg.AssetExecutionContext, warehouse_file: WarehouseResource
) -> Iterator[Any]:
    """Who moved from which segment to which since the month before.

    Also who is new, gone or without a segment. Moves of fewer than 20 customers are hidden. Empty
    for the first month that has assignments.
    """
    from amazing_assets.segments.migrations import migrate  # noqa: PLC0415  as above

    month = first_day(context.partition_key)
    before, now = (
        read_month(warehouse_file.path, "segment_assignments", day)
        for day in (add_months(month, -1), month)
    )
    if now is None:
        raise dg.Failure(_unassigned(context.partition_key), allow_retries=False)
    moves = migrate(before, now, month)
    hidden = int(moves["is_suppressed"].sum())
    yield from audited("segment_migrations", SegmentMigrations, moves, {"moves hidden": hidden})


@dg.asset(
    partitions_def=MONTHS,
    deps=["segment_profiles", "segment_migrations", "event_statistics"],
    group_name="segments",
    kinds={"altair", "typst"},
    owners=["team:marketing"],
    # Reads the warehouse.
    pool="duckdb",
    automation_condition=follow(trigger_ignore=["event_statistics"]),
)
def segment_report(
    context: dg.AssetExecutionContext,
    warehouse_file: WarehouseResource,
    reports: ReportsResource,
) -> dg.MaterializeResult[Any]:
    """The report on the segments for marketing and the board, in French and English.

    A page on the web and a document to print: who the segments are, what they like, what to do for
    each, and the evidence behind it.
    """
    # Imported here: charts and page setting take seconds, and definitions load without them.
    from amazing_assets.delivery.report.files import write_files  # noqa: PLC0415
    from amazing_assets.delivery.report.tables import read_tables  # noqa: PLC0415

    month = context.partition_key
    tables = read_tables(warehouse_file.path, month)
    if tables is None:
        raise dg.Failure(_unassigned(month), allow_retries=False)
    written = write_files(tables, reports.path)
    return dg.MaterializeResult(
        metadata={
            "model version": tables.model_version,
            "not measured yet": ", ".join(tables.missing) or "nothing",
            **{
                f"{file.kind} {file.language}": dg.MetadataValue.url(file.path.as_uri())
                for file in written
            },
            **{f"pages {file.language}": file.pages for file in written if file.pages},
        }
    )
