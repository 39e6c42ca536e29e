"""Assets of the segments: the model, and who belongs to which segment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from amazing_assets.dates import first_day
from amazing_assets.defs.automation import NIGHTLY, follow
from amazing_assets.defs.checks import audited, columns, promise, told_plainly
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.segments.contract import (
    SegmentAssigners,
    SegmentAssignments,
    SegmentCandidates,
    SegmentFeatures,
    SegmentValidation,
)
from amazing_assets.segments.settings import Progress

STABLE = "segmentation_is_stable"
NO_CHAMPION = "No segment model is the champion yet; materialize segment_model first."

EVIDENCE = {
    "segment_candidates": SegmentCandidates,
    "segment_validation": SegmentValidation,
    "segment_features": SegmentFeatures,
    "segment_assigners": SegmentAssigners,
}


@dg.asset(
    deps=["user_features"],
    group_name="segments",
    kinds={"scikitlearn", "mlflow"},
    owners=["team:data-science"],
    automation_condition=NIGHTLY,
    check_specs=[
        dg.AssetCheckSpec(
            STABLE,
            asset="segment_model",
            description="Segments passed every gate; otherwise the alert and what is used instead.",
        )
    ],
)
def segment_model(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> Iterator[Any]:
    """Which groups of customers there are, by what they do: the model that assigns every customer.

    Trained on the latest month's features, compared with the RFM grid, registered in MLflow as
    `segments` and made its champion.
    """
    # Imported here: scikit-learn and MLflow take seconds, and definitions load without them.
    from amazing_assets.segments import registry  # noqa: PLC0415
    from amazing_assets.segments.card import model_card  # noqa: PLC0415
    from amazing_assets.segments.search import ALERTS  # noqa: PLC0415
    from amazing_assets.segments.training import train  # noqa: PLC0415

    with told_plainly():
        model = train(lake.open(), _logged(context))
    if model.alert:
        context.log.warning("Segment model: %s: %s", model.alert, ALERTS[model.alert])
    version = registry.publish_unless_worse(
        model, models.tracking_uri, Path(models.artifacts).as_uri()
    )
    candidates = [dg.TableRecord(row) for row in model.selection_table.to_dicts()]
    yield dg.MaterializeResult(
        metadata={
            "version": version or "none published, the champion before stays",
            "alert": model.alert or "none",
            "model card": dg.MetadataValue.md(model_card(model)),
            **({"candidates": dg.MetadataValue.table(candidates)} if candidates else {}),
            **registry.metrics(model),
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


@dg.multi_asset(
    outs={
        name: dg.AssetOut(
            io_manager_key="warehouse",
            group_name="segments",
            kinds={"duckdb"},
            owners=["team:data-science"],
            description=contract.__doc__,
            metadata=columns(contract),
            automation_condition=follow(),
        )
        for name, contract in EVIDENCE.items()
    },
    deps=["segment_model"],
    pool="duckdb",
)
def segment_evidence(models: ModelsResource) -> Iterator[Any]:
    """Why the champion's segments are what they are: candidates, validation, features, rules."""
    from amazing_assets.segments import registry  # noqa: PLC0415  see above

    model = registry.champion(models.tracking_uri)
    if model is None:
        raise dg.Failure(NO_CHAMPION, allow_retries=False)
    for name, contract in EVIDENCE.items():
        table = contract.validate(model.evidence[name])
        yield dg.Output(table, name, metadata={"model version": model.version})


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
        raise dg.Failure(NO_CHAMPION, allow_retries=False)
    with told_plainly():
        features = load_columns(lake.open(), month, model.columns)
        assignments = model.assign(features, first_day(month))
    yield from audited(
        "segment_assignments", SegmentAssignments, assignments, {"model version": model.version}
    )
