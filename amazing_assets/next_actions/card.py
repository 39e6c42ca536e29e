"""The model card: what a person reads before trusting the next-action model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.models.card import markdown_table, shown
from amazing_assets.next_actions.evaluation import EVERYBODY, POPULATIONS, TEST
from amazing_assets.next_actions.registered import TOO_FEW

if TYPE_CHECKING:
    import polars as pl

    from amazing_assets.next_actions.model import NextActionModel

_FIGURES = ("log_loss", "accuracy", "top_3", "ndcg_5", "macro_f1", "ece", "purchase_brier")

_LIMITS = (
    "A visit counts as followed by nothing only if 28 days after it are known. Of customers who "
    "have been away it is allowed for when those like them come back; what they do then is taken "
    "not to depend on it. What customers do is not why they do it: an offer may change it."
)


def model_card(model: NextActionModel) -> str:
    """Return the card of a model, as Markdown."""
    known, counts = model.provenance, model.provenance.counts
    return "\n\n".join(
        [
            "# Next-action model",
            f"`{model.name}` answers which of 58 actions a customer does next. {_why(model)}",
            (
                f"Learnt from {counts['actions']:,} actions of {counts['customers']:,} customers, "
                f"{known.first_date} to {known.last_date}: {counts['train']:,} places to train, "
                f"then {counts['validate']:,} to validate, then {counts['test']:,} to test; no "
                "answer crosses from one period to the next. Programs are left out."
            ),
            "## On the weeks to test, everybody",
            _table(model.evaluation.filter(period=TEST, population=EVERYBODY)),
            "Log loss decides; brackets hold the 95 % interval of drawing customers anew.",
            "## Log loss by place",
            _by_population(model.evaluation),
            "`strangers`: customers who were in no training.",
            "## The embedding",
            ablation(model.evaluation),
            "## Limits",
            _LIMITS,
        ]
    )


def _why(model: NextActionModel) -> str:
    if model.alert == TOO_FEW:
        return "For a network there are too few actions to learn from, so that counting answers."
    if model.alert:
        return (
            "No network beat the simpler models beyond chance, so that the best of these answers."
        )
    return f"Temperature {model.temperature:.3f}, found on the weeks to validate."


def _table(evaluation: pl.DataFrame) -> str:
    rows = []
    for model, seed in evaluation.select("model", "seed").unique(maintain_order=True).iter_rows():
        own = evaluation.filter(model=model, seed=seed)
        rows.append([model, seed, *(_cell(own.filter(figure=name)) for name in _FIGURES)])
    return markdown_table(("model", "seed", *_FIGURES), rows)


def _cell(row: pl.DataFrame) -> str:
    value, low, high = row.select("value", "low", "high").row(0)
    return shown(value) if low is None else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _by_population(evaluation: pl.DataFrame) -> str:
    losses = evaluation.filter(period=TEST, figure="log_loss").pivot(
        "population", index=["model", "seed"], values="value", aggregate_function="first"
    )
    columns = [name for name in POPULATIONS if name in losses.columns]
    rows = [
        [row["model"], row["seed"], *(shown(row[name]) for name in columns)]
        for row in losses.iter_rows(named=True)
    ]
    return markdown_table(("model", "seed", *columns), rows)


def ablation(evaluation: pl.DataFrame) -> str:
    """Return, in words, whether learning an embedding of actions helped."""
    losses = evaluation.filter(period=TEST, population=EVERYBODY, figure="log_loss")
    without, with_it = (
        losses.filter(model=name).sort("seed") for name in ("lstm_one_hot", "lstm_embedding")
    )
    if without.is_empty() or with_it.is_empty():
        return "Not measured: not both networks were trained."
    gains = without["value"] - with_it["value"]
    means = [float(each.to_numpy().mean()) for each in (with_it["value"], without["value"], gains)]
    return (
        f"With an embedding learnt of actions the log loss is {means[0]:.4f}, without it "
        f"{means[1]:.4f}; it was lower with it in {int((gains > 0).sum())} of {len(gains)} "
        f"trainings (seeds), by {means[2]:.4f} in the mean."
    )
