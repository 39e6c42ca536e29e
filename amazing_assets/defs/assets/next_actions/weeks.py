"""Assets of the weeks: how likely each customer's next actions are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from amazing_assets.cadence import WEEKLY
from amazing_assets.defs.partitions import WEEKS_OF_HISTORY
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.tables.declare import MARKETING, SCIENTISTS, lake_table, warehouse_table
from amazing_assets.defs.tables.publish import (
    audited,
    has_landed,
    nothing_landed,
    plain_failures,
    publish,
)
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.next_actions.contract import NextActionProbabilities, NextActionVectors
from amazing_assets.next_actions.registered import NEXT_ACTION_MODEL

if TYPE_CHECKING:
    from amazing_assets.next_actions.model import NextActionModel

NO_CHAMPION = (
    "No next-action model is the champion yet; materialize next_action_model to train one."
)


@lake_table(
    "next_action_vectors",
    NextActionVectors,
    "next_actions",
    SCIENTISTS,
    cadence=WEEKLY,
    deps=[
        "clean_events",
        dg.AssetDep("action_sequences", partition_mapping=WEEKS_OF_HISTORY),
        "next_action_model",
    ],
    # The events of the week are the gate: of a week that has not landed nothing is foretold. A new
    # model does not rewrite the weeks before it.
    automation_condition=follow(
        trigger_ignore=["clean_events", "next_action_model"], missing_ignore=["action_sequences"]
    ),
)
def next_action_vectors(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> Iterator[Any]:
    """How likely each of the 58 actions is to be a customer's next, at the end of a week.

    One row per customer of the last seven months, a column for each action.
    """
    from amazing_assets.next_actions.weeks import VectorsOfWeek  # noqa: PLC0415  onnxruntime

    tables, week = lake.open(), context.partition_key
    if not has_landed(tables, week):
        yield from nothing_landed("next_action_vectors")
        return
    model, version = champion_of(models)
    with plain_failures(), tables.draft("next_action_vectors", week, NextActionVectors) as draft:
        draft.fill(VectorsOfWeek.of(model, version, week, tables))
        yield from publish(draft, lambda: {"model version": version, "answers": model.name})


@warehouse_table(
    "next_action_probabilities",
    NextActionProbabilities,
    "next_actions",
    MARKETING,
    cadence=WEEKLY,
    deps=["next_action_vectors"],
    automation_condition=follow(),
)
def next_action_probabilities(
    context: dg.AssetExecutionContext, lake: LakeResource
) -> Iterator[Any]:
    """The ten likeliest next actions of each customer at the end of a week, with probabilities.

    Also how likely a purchase, the end of the visit, and no return within four weeks are.
    """
    from amazing_assets.next_actions.weeks import likeliest  # noqa: PLC0415  onnxruntime

    tables, week = lake.open(), context.partition_key
    if not has_landed(tables, week):
        yield from nothing_landed("next_action_probabilities")
        return
    with plain_failures():
        vectors = tables.scan("next_action_vectors", week)
        rows = likeliest(vectors, week).collect()
        customers = vectors.select("user_id", "cold_start").collect()
    metadata = {
        "customers": customers.height,
        "of whom too little is known": int(customers["cold_start"].sum()),
    }
    yield from audited("next_action_probabilities", NextActionProbabilities, rows, metadata)


def champion_of(models: ModelsResource) -> "tuple[NextActionModel, str]":
    """Return the model in use and its version.

    Raises:
        Failure: None is, or it cannot be read.
    """
    # Imported here: MLflow takes seconds, and definitions load without it.
    from amazing_assets.next_actions import publication  # noqa: PLC0415

    with plain_failures():
        found = publication.champion(models.of(NEXT_ACTION_MODEL))
    if found is None:
        raise dg.Failure(NO_CHAMPION, allow_retries=False)
    return found
