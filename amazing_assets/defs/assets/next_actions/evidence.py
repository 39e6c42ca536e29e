"""The asset that says why the next-action model may be trusted."""

from collections.abc import Iterator
from typing import Any

from amazing_assets.defs.assets.next_actions.weeks import champion_of
from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.defs.tables.declare import SCIENTISTS, model_tables
from amazing_assets.defs.tables.publish import audited
from amazing_assets.next_actions.contract import NextActionEvaluation

_TABLE = "next_action_evaluation"


@model_tables(
    "next_action_model",
    {_TABLE: NextActionEvaluation},
    {
        _TABLE: """How well every model that was tried foretold what customers did next.

    Networks beside ways of counting, on later weeks, with intervals; figures of few customers are
    left out."""
    },
    "next_actions",
    SCIENTISTS,
)
def next_action_evidence(models: ModelsResource) -> Iterator[Any]:
    """Tell of the model in use what was measured of all that were tried."""
    from amazing_assets.next_actions.evaluation import told  # noqa: PLC0415  takes a second

    model, version = champion_of(models)
    rows = told(model.name, model.evaluation, version)
    yield from audited(_TABLE, NextActionEvaluation, rows, {"answers": model.name}, _TABLE)
