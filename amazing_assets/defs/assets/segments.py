"""Assets of the segments: the model, and who belongs to which segment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from amazing_assets.dates import first_day
from amazing_assets.defs.automation import follow, trained
from amazing_assets.defs.checks import (
    NO_CHAMPION,
    audited,
    has_landed,
    nothing_landed,
    told_plainly,
)
from amazing_assets.defs.declared import MARKETING, warehouse_table
from amazing_assets.defs.freshness import EVERY_QUARTER
from amazing_assets.defs.progress import logged
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource, WarehouseResource
from amazing_assets.defs.shown import made_of, picture, table
from amazing_assets.delivery.duckdb import read_table
from amazing_assets.segments.charts import segment_sizes, sizes_of_segments
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets.segments.lineage import assignment_lineage
from amazing_assets.segments.settings import UNTESTED

STABLE = "segmentation_is_stable"


@dg.asset(
    deps=["user_features", "event_threshold"],
    freshness_policy=EVERY_QUARTER,
    group_name="segments",
    kinds={"scikitlearn", "mlflow"},
    owners=["team:data-science"],
    # Reads the threshold from the warehouse.
    pool="duckdb",
    automation_condition=trained(),
    check_specs=[
        dg.AssetCheckSpec(
            STABLE,
            asset="segment_model",
            description="Segments passed every gate; otherwise the alert and what is used instead.",
        )
    ],
)
def segment_model(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    models: ModelsResource,
    warehouse_file: WarehouseResource,
) -> Iterator[Any]:
    """Which groups of customers there are, by what they do: the model that assigns every customer.

    Trained on the latest month's features and compared with a plain grid of recency, frequency and
    spending; every version is kept, with its reasons. A segment keeps its number and name through
    every training; where too many customers would change theirs, a person decides whether the new
    model is used.
    """
    # Imported here: scikit-learn and MLflow take seconds, and definitions load without them.
    from amazing_assets.segments import registry  # noqa: PLC0415
    from amazing_assets.segments.card import model_card  # noqa: PLC0415
    from amazing_assets.segments.refit import refit  # noqa: PLC0415
    from amazing_assets.segments.release import release  # noqa: PLC0415
    from amazing_assets.segments.search import ALERTS  # noqa: PLC0415
    from amazing_assets.segments.threshold_choice import chosen  # noqa: PLC0415

    evidence = read_table(warehouse_file.path, "event_threshold")
    with told_plainly():
        found = refit(
            lake.open(),
            logged(context),
            registry.champion(models.tracking_uri),
            registry.highest_number(models.tracking_uri),
            UNTESTED if evidence is None else chosen(evidence),
        )
        version = release(found, models.tracking_uri, Path(models.artifacts).as_uri())
    model = found.model
    for reason in found.verdict.reasons:
        context.log.warning("Segment model: %s", reason)
    fates = [dg.TableRecord(row) for row in found.fates]
    yield dg.MaterializeResult(
        metadata={
            "version": version or "none published, the champion before stays",
            "decision": found.verdict.decision,
            "reasons": " ".join(found.verdict.reasons) or "none",
            "alert": model.alert or "none",
            "threshold": model.threshold_choice.english,
            **({"succession": dg.MetadataValue.table(fates)} if fates else {}),
            "model card": dg.MetadataValue.md(model_card(model)),
            "candidates": table(model.selection_table),
            **registry.metrics(model),
            **found.contest.figures,
        },
        check_results=[
            dg.AssetCheckResult(
                passed=not model.alert,
                check_name=STABLE,
                severity=dg.AssetCheckSeverity.WARN,
                description=ALERTS[model.alert] if model.alert else "every gate passed",
                metadata={"alert": model.alert or "none"},
            )
        ],
    )


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
    from amazing_assets.segments import registry  # noqa: PLC0415  see above
    from amazing_assets.segments.training import load_columns  # noqa: PLC0415

    tables, month = lake.open(), context.partition_key
    if not has_landed(tables, month):
        yield from nothing_landed("segment_assignments")
        return
    model = registry.champion(models.tracking_uri)
    if model is None:
        raise dg.Failure(NO_CHAMPION, allow_retries=False)
    with told_plainly():
        features = load_columns(tables, month, model.columns)
        assignments = model.assign(features, first_day(month))
    sizes = segment_sizes(assignments)
    metadata = {
        "model version": model.version,
        "segments": table(sizes),
        "sizes": picture(sizes_of_segments(sizes, month)),
        **made_of(assignment_lineage(model)),
    }
    yield from audited("segment_assignments", SegmentAssignments, assignments, metadata)
