"""Assets of the weeks: how likely customers are to pause, cancel or return, and what happened."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from amazing_assets.cadence import WEEKLY
from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.risk.contract import ChurnFeedback, ChurnScores
from amazing_assets.churn.risk.registered import CHURN_MODELS
from amazing_assets.dates import week_ending, week_start
from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.partitions import WEEKS_OF_HISTORY, WEEKS_THAT_MATURE
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource, WarehouseResource
from amazing_assets.defs.tables.checks import warning_check, warning_result
from amazing_assets.defs.tables.declare import MARKETING, SCIENTISTS, warehouse_table
from amazing_assets.defs.tables.metadata import Metadata, picture, table
from amazing_assets.defs.tables.publish import audited, has_landed, nothing_landed, plain_failures
from amazing_assets.defs.triggers.automation import follow

if TYPE_CHECKING:
    from amazing_assets.churn.risk.feedback import Matured
    from amazing_assets.churn.risk.scoring import Scored
    from amazing_assets.warehouse.warehouse import Warehouse

SCORES, FEEDBACK = "churn_scores", "churn_feedback"

COVERS, FEATURES, NUMBERS = "covers_every_task", "features_as_learnt", "numbers_as_usual"
HAPPENED = "as_told"


@warehouse_table(
    SCORES,
    ChurnScores,
    "churn",
    MARKETING,
    warning_check(
        SCORES,
        COVERS,
        "Each of the three tasks has a model that was known at the reference date.",
        cadence=WEEKLY,
    ),
    warning_check(
        SCORES,
        FEATURES,
        "What tells most of customers is distributed as when the model was fitted.",
        cadence=WEEKLY,
    ),
    warning_check(
        SCORES,
        NUMBERS,
        "About as many customers are asked about as in the week before, by 30 %.",
        cadence=WEEKLY,
    ),
    cadence=WEEKLY,
    deps=[
        "customer_view",
        "churn_models",
        dg.AssetDep("sessions", partition_mapping=WEEKS_OF_HISTORY),
    ],
    automation_condition=follow(trigger_ignore=["sessions"], missing_ignore=["sessions"]),
)
def churn_scores(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    models: ModelsResource,
    warehouse_file: WarehouseResource,
) -> Iterator[Any]:
    """How likely each customer is to pause, to cancel or to come back, and why.

    One row per task and customer who is asked about, with three reasons, by the models that were
    known at the end of the week. Who is held out of campaigns is marked.
    """
    from amazing_assets.churn.risk.scoring import by_band, score  # noqa: PLC0415  MLflow

    tables, week = lake.open(), context.partition_key
    if not has_landed(tables, week):
        yield from nothing_landed(SCORES, COVERS, FEATURES, NUMBERS)
        return
    with plain_failures():
        known = _models_at(models, week)
        scored = score(tables, week, known, SETTINGS.holdout)
        before = _week_of(warehouse_file.open(), SCORES, week_ending(week_start(week)))
    metadata: Metadata = {
        "customers by band": table(by_band(scored.scores)),
        "held out": int(scored.scores["is_holdout"].sum()),
        **{f"model of {each.model.task}": each.version for each in known},
    }
    if not known:
        metadata["empty"] = NO_MODELS
    yield from audited(SCORES, ChurnScores, scored.scores, metadata)
    yield from _checked(scored, before)


NO_MODELS = (
    "No model was known at the end of the week: it takes some weeks whose outcome is known before "
    "the first is made."
)


def _models_at(models: ModelsResource, week: str) -> Any:  # noqa: ANN401  MLflow is imported late
    """Return the models that were known at the end of a week, with their versions."""
    from amazing_assets.churn.risk.publication import known_at, read_version  # noqa: PLC0415
    from amazing_assets.churn.risk.scoring import Versioned  # noqa: PLC0415  as above

    found = []
    for model in CHURN_MODELS.values():
        store = models.of(model)
        version = known_at(store, WEEKLY.as_of(week))
        if version is not None:
            found.append(Versioned(read_version(store, version), version))
    return found


def _checked(scored: "Scored", before: pl.DataFrame | None) -> Iterator[dg.AssetCheckResult]:
    from amazing_assets.churn.risk.scoring import (  # noqa: PLC0415  as above
        moved_features,
        unusual_numbers,
    )

    unmodelled = [
        {"what": f"{task.name}: no model yet"} for task in TASKS if task.name not in scored.moved
    ]
    yield warning_result(SCORES, COVERS, pl.DataFrame(unmodelled, schema={"what": pl.String}))
    yield warning_result(SCORES, FEATURES, moved_features(scored))
    yield warning_result(SCORES, NUMBERS, unusual_numbers(scored.scores, before))


@warehouse_table(
    FEEDBACK,
    ChurnFeedback,
    "churn",
    SCIENTISTS,
    warning_check(
        FEEDBACK,
        HAPPENED,
        "What was told is what happened: as often, told apart as well as when the model was "
        "judged, and better than by the last visit alone.",
        cadence=WEEKLY,
    ),
    cadence=WEEKLY,
    deps=[
        "clean_events",
        "customer_view",
        dg.AssetDep(SCORES, partition_mapping=WEEKS_THAT_MATURE),
        dg.AssetDep("sessions", partition_mapping=WEEKS_OF_HISTORY),
        dg.AssetDep("contacts", partition_mapping=WEEKS_OF_HISTORY),
    ],
    # The events of the week are the gate, its view and the scores of before the news.
    automation_condition=follow(
        trigger_ignore=["clean_events", "sessions", "contacts"],
        missing_ignore=["sessions", "contacts", "customer_view", SCORES],
    ),
)
def churn_feedback(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    models: ModelsResource,
    warehouse_file: WarehouseResource,
) -> Iterator[Any]:
    """What was told of customers four or eight weeks ago, against what they did since.

    Figures with intervals, baselines beside them, tenths of the customers, customers held out of
    campaigns against all others, those whom one contacted apart, and what asks for a look.
    """
    from amazing_assets.churn.risk.feedback import feedback  # noqa: PLC0415  MLflow

    tables, week = lake.open(), context.partition_key
    if not has_landed(tables, week):
        yield from nothing_landed(FEEDBACK, HAPPENED)
        return
    with plain_failures():
        warehouse = warehouse_file.open()
        matured = list(_matured(context, warehouse, models))
        before = _week_of(warehouse, FEEDBACK, week_ending(week_start(week)))
        rows = feedback(tables, week, matured, before)
    yield from audited(FEEDBACK, ChurnFeedback, rows, _described(rows))
    raised = rows.filter(figure="alert").select(
        pl.format("{}: {}", "task", "item").alias("what"), "value", "low", "high"
    )
    yield warning_result(FEEDBACK, HAPPENED, raised)


def _matured(
    context: dg.AssetExecutionContext, warehouse: "Warehouse", models: ModelsResource
) -> "Iterator[Matured]":
    """Yield the scores whose outcome is known since a week, with the model that answered."""
    from amazing_assets.churn.risk.feedback import Matured, scored_week  # noqa: PLC0415  as above
    from amazing_assets.churn.risk.publication import readable  # noqa: PLC0415
    from amazing_assets.churn.risk.scoring import Versioned  # noqa: PLC0415

    for task in TASKS:
        found = _week_of(warehouse, SCORES, scored_week(task, context.partition_key))
        scores = None if found is None else found.filter(task=task.name)
        if scores is None or scores.is_empty():
            continue
        version = str(scores["model_version"][0])
        model, unreadable = readable(models.of(CHURN_MODELS[task.name]), version)
        if model is None:
            # What it told stays in the table; what it was held against is gone.
            context.log.warning("Not held against what happened: %s", unreadable)
        else:
            yield Matured(task, scores, Versioned(model, version))


def _described(rows: pl.DataFrame) -> Metadata:
    from amazing_assets.churn.risk.charts import tenths  # noqa: PLC0415  Altair

    if rows.is_empty():
        return {"empty": "No scores have an outcome that became known in the week."}
    kept = rows.filter(pl.col("figure").is_in(["prevalence", "pr_auc", "roc_auc", "lift_10"]))
    numbers = rows.filter(
        pl.col("model") == "served",
        pl.col("population") == "everybody",
        pl.col("figure").is_in(["roc_auc", "lift_10", "ece", "told_to_happened"]),
    ).drop_nulls("value")
    return {
        "figures": table(
            kept.select("task", "model", "population", "figure", "value", "low", "high")
        ),
        "tenths": picture(tenths(rows)),
        # Plain numbers: the web UI draws them over time.
        **{f"{row['task']} {row['figure']}": row["value"] for row in numbers.iter_rows(named=True)},
    }


def _week_of(warehouse: "Warehouse", name: str, week: str) -> pl.DataFrame | None:
    begins = week_start(week)
    return warehouse.read_partitions(name, begins, begins, WEEKLY)
