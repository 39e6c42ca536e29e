"""Assets of the segments: the model, and who belongs to which segment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from amazing_assets.dates import first_day
from amazing_assets.defs.automation import NIGHTLY, follow
from amazing_assets.defs.checks import (
    audited,
    columns,
    has_landed,
    nothing_landed,
    promise,
    told_plainly,
)
from amazing_assets.defs.freshness import BY_THE_FIFTH, EVERY_MONTH
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.shown import made_of, picture, table
from amazing_assets.segments.charts import segment_sizes, sizes_of_segments
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets.segments.lineage import assignment_lineage
from amazing_assets.segments.settings import Progress


@dg.asset(
    deps=["user_features"],
    freshness_policy=EVERY_MONTH,
    group_name="segments",
    kinds={"scikitlearn", "mlflow"},
    owners=["team:data-science"],
    automation_condition=NIGHTLY,
)
def segment_model(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> dg.MaterializeResult[Any]:
    """Which groups of customers there are, by what they do: the model that assigns every customer.

    Found in the latest month's customers and compared with a plain grid of recency, frequency and
    spending; it replaces the model before only if it is no worse.
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
    return dg.MaterializeResult(
        metadata={
            "version": version or "none published, the champion before stays",
            "alert": model.alert or "none",
            "model card": dg.MetadataValue.md(model_card(model)),
            "candidates": table(model.selection_table),
            **registry.metrics(model),
        }
    )


def _logged(context: dg.AssetExecutionContext) -> Progress:
    return lambda done, total, text: context.log.info("%d of %d: %s", done, total, text)


@dg.asset(
    partitions_def=MONTHS,
    deps=["user_features", "segment_model"],
    freshness_policy=BY_THE_FIFTH,
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
        raise dg.Failure(
            "No segment model is the champion yet; materialize segment_model first.",
            allow_retries=False,
        )
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
