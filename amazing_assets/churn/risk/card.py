"""The model card: what a person reads before trusting a model of risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.models.card import markdown_table, shown

if TYPE_CHECKING:
    import polars as pl

    from amazing_assets.churn.risk.model import ChurnModel

_FIGURES = ("pr_auc", "roc_auc", "lift_10", "brier", "ece", "slope", "told_to_happened")

_ASKED = {
    "pause": "customers of the last 28 days: whether nothing is heard of them in the next 28",
    "cancel": "buyers of the last 84 days: whether they buy nothing in the next 56",
    "reactivate": "customers away for 29 to 140 days: whether they come back in the next 28",
}

_LIMITS = (
    "A probability is that of customers as they were treated in the weeks it was learnt from: a "
    "campaign changes what happens, which only the customers held out of it can tell. What adds to "
    "a probability is not its cause."
)


def model_card(model: ChurnModel) -> str:
    """Return the card of a model, as Markdown."""
    known, counts = model.provenance, model.provenance.counts
    return "\n\n".join(
        [
            f"# Who will {model.task}",
            f"`{model.name}` answers of {_ASKED[model.task]}. {_why(model)}",
            (
                f"Learnt from {counts['rows']:,} rows of {counts['customers']:,} customers in "
                f"{counts['weeks']} weeks, {known.first_date} to {known.last_date}, the last of "
                f"which calibrates; of {counts['happened']:,} rows it happened. Nothing of "
                f"{model.as_of} or later was known."
            ),
            f"## On the {counts['weeks that judged']} latest weeks whose outcome is known",
            _table(model.evaluation),
            (
                "The champion stands beside it as fitted anew; brackets hold the 95 % interval of "
                "drawing customers anew."
            ),
            "## What was told and what happened, by tenths of the customers",
            _rows(model.deciles),
            "## The search",
            _rows(model.trials.sort("pr_auc", descending=True, nulls_last=True).head(10))
            if model.trials.height
            else "Nothing was searched: the way of fitting of before was taken.",
            "## Limits",
            _LIMITS,
        ]
    )


def _why(model: ChurnModel) -> str:
    if model.is_fallback:
        return "A baseline: nothing that was tried is better beyond chance and well calibrated."
    strategy = model.recipe.imbalance
    done = "Nothing is done" if strategy == "none" else f"`{strategy}` is done"
    return f"{done} about few customers doing it; calibrated by {model.risk.calibration.method}."


def _table(evaluation: pl.DataFrame) -> str:
    rows = [
        [name, *(_cell(known.filter(figure=figure)) for figure in _FIGURES)]
        for (name,), known in evaluation.group_by("model", maintain_order=True)
    ]
    return markdown_table(("model", *_FIGURES), rows)


def _cell(row: pl.DataFrame) -> str:
    value, low, high = row.select("value", "low", "high").row(0)
    return f"{shown(value)} [{low:.3f}, {high:.3f}]"


def _rows(table: pl.DataFrame) -> str:
    return markdown_table(
        table.columns,
        [
            [shown(value) if isinstance(value, float) else value for value in row]
            for row in table.iter_rows()
        ],
    )
