"""Assets of the segments: the model, and who belongs to which segment."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from amazing_assets.defs.freshness import EVERY_QUARTER
from amazing_assets.defs.progress import logged
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource, WarehouseResource
from amazing_assets.defs.tables.metadata import table
from amazing_assets.defs.tables.publish import (
    failing_plainly,
    plain_failures,
)
from amazing_assets.defs.triggers.automation import first_trained
from amazing_assets.language.language import ENGLISH
from amazing_assets.segments.registered import SEGMENT_MODEL
from amazing_assets.segments.threshold.choice import UNTESTED
from amazing_assets.segments.threshold.words import why

STABLE = "segmentation_is_stable"


@dg.asset(
    deps=["user_features", "event_threshold"],
    freshness_policy=EVERY_QUARTER,
    group_name="segments",
    kinds={"scikitlearn", "mlflow"},
    owners=["team:data-science"],
    automation_condition=first_trained(),
    check_specs=[
        dg.AssetCheckSpec(
            STABLE,
            asset="segment_model",
            description="Segments passed every gate; otherwise the alert and what is used instead.",
        )
    ],
)
@failing_plainly
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
    from amazing_assets.segments.naming.given import given_names  # noqa: PLC0415
    from amazing_assets.segments.search.search import ALERTS  # noqa: PLC0415
    from amazing_assets.segments.threshold.choice import chosen  # noqa: PLC0415
    from amazing_assets.segments.training import publication  # noqa: PLC0415
    from amazing_assets.segments.training.card import model_card  # noqa: PLC0415
    from amazing_assets.segments.training.refit import refit  # noqa: PLC0415

    store = models.of(SEGMENT_MODEL)
    champion, unreadable = publication.readable_champion(store)
    if unreadable:
        context.log.warning(unreadable)
    with plain_failures():
        evidence = warehouse_file.open().read_table("event_threshold")
        found = refit(
            lake.open(),
            logged(context),
            champion,
            publication.highest_number(store),
            UNTESTED if evidence is None else chosen(evidence),
        )
        released = publication.release(found, store)
    new, model = found.published, found.published.model
    if found.decision.reasons:
        context.log.warning("Segment model: %s", released.reasons)
    fates = [dg.TableRecord(row) for row in found.fates]
    yield dg.MaterializeResult(
        metadata={
            "version": released.version or "none published, the champion before stays",
            "decision": released.decision,
            "reasons": released.reasons,
            "alert": model.alert or "none",
            "threshold": why(new.choice, ENGLISH),
            **({"succession": dg.MetadataValue.table(fates)} if fates else {}),
            "model card": dg.MetadataValue.md(
                model_card(model, new.choice, given_names(store.folder))
            ),
            "candidates": table(model.selection_table),
            **publication.metrics(new),
            **found.measured.figures,
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
