"""From a training of value to the registry, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.churn.revenue.registered import AS_OF, MODEL
from amazing_assets.churn.revenue.stored import read_model, write_model
from amazing_assets.churn.risk.publication import is_as_new_as_champion, known_at
from amazing_assets.models.archive import UnreadableModelError
from amazing_assets.models.card import markdown_table
from amazing_assets.models.release import Release, release_as_decided
from amazing_assets.models.store import NewVersion, Serving

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.churn.revenue.model import RevenueModel
    from amazing_assets.churn.revenue.training import Fitted
    from amazing_assets.models.store import ModelStore

# Run by MLflow where a model is served, and by nobody else.
_SERVING = Path(__file__).parent / "serving.py"


def release(fitted: Fitted, store: ModelStore) -> Release:
    """Publish a model as was decided.

    A model of an earlier week than the champion's serves its own weeks and replaces nothing.
    """
    return release_as_decided(
        fitted.decision,
        store,
        lambda tags: _publish(fitted.model, store, tags),
        lambda: is_as_new_as_champion(store, fitted.model.as_of),
    )


def _publish(model: RevenueModel, store: ModelStore, tags: dict[str, str]) -> str:
    described = {
        MODEL: model.name,
        AS_OF: model.as_of.isoformat(),
        "customers": str(model.provenance.counts["customers"]),
    }
    evaluation = model.evaluation
    numbers = {
        f"{row['model']}_{figure}": row[figure]
        for row in evaluation.iter_rows(named=True)
        for figure in ("told_to_happened", "coverage", "gini", "error")
    }
    new = NewVersion(
        lambda folder: write_model(model, folder),
        numbers,
        {"evaluation.csv": evaluation.write_csv()},
        described | tags,
        model_card(model),
    )
    return store.add(new, _served())


def known(store: ModelStore, as_of: date) -> tuple[RevenueModel, str] | None:
    """Return the model that was in use at a reference date and its version; None: none was.

    One that cannot be read counts as none.
    """
    version = known_at(store, as_of)
    if version is None:
        return None
    try:
        return store.read(version, read_model), version
    except UnreadableModelError:
        return None


def model_card(model: RevenueModel) -> str:
    """Return the card of a model, as Markdown."""
    counts = model.provenance.counts
    told = (
        markdown_table(model.evaluation.columns, model.evaluation.rows())
        if model.evaluation.height
        else "Nothing was judged."
    )
    return "\n\n".join(
        [
            "# What customers will spend",
            f"`{model.name}` answers. {model.reason}",
            (
                f"The law of purchases is that of {counts['customers']:,} customers who bought in "
                f"the seven months before {model.as_of}; trees saw {counts['weeks']} weeks."
            ),
            "## On the latest week whose eight weeks after are known",
            told,
            (
                "Expected is what customers spend as they were treated then. An interval is for "
                "one customer; of many the sum is known better."
            ),
        ]
    )


def _served() -> Serving:
    numbers = ("repeats", "recency_weeks", "age_weeks", "orders", "mean_order_value")
    inputs = {"user_id": "long", **dict.fromkeys(numbers, "double")}
    outputs = {"user_id": "long", "expected_revenue": "double"}
    return Serving(_SERVING, inputs, outputs, frozenset(outputs))
