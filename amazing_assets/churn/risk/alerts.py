"""What of a week's feedback asks for a look, and what for a person at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import polars as pl

    from amazing_assets.churn.risk.model import ChurnModel

# Codes, as `item` of the rows whose figure is `alert`.
LEVEL, WEAKER, NO_BETTER = "level", "weaker", "no_better_than_recency"
HOLDOUT_REACHED = "holdout_reached"

# What was told to what happened; between them is usual.
_LEAST, _MOST = 0.8, 1.25

# Of the ROC AUC that was measured when the model was judged.
_LOST = 0.03


def alerts(
    model: ChurnModel, rows: Iterable[Mapping[str, Any]], before: pl.DataFrame
) -> Iterator[dict[str, Any]]:
    """Yield the alerts of a task as rows of the feedback.

    Args:
        model: That answered.
        rows: The figures of the week.
        before: `ChurnFeedback` of the task in the week before.
    """
    known = {
        (row["model"], row["figure"]): row["value"]
        for row in rows
        if row["population"] == "everybody" and row["item"] is None
    }
    level = known.get(("served", "told_to_happened"))
    if level is not None and not _LEAST <= level <= _MOST:
        yield _alert(LEVEL, level, _LEAST, _MOST)
    auc, recency = (known.get((name, "roc_auc")) for name in ("served", "recency"))
    judged = model.figure("roc_auc")
    if auc is None or judged is None:
        return
    # Once may be chance; only two weeks running are told.
    was = before.filter(model="served", population="everybody", figure="roc_auc")["value"]
    if auc < judged - _LOST and len(was) and (was[0] or 1.0) < judged - _LOST:
        yield _alert(WEAKER, auc, judged - _LOST, None)
    if recency is not None and auc <= recency and model.name != "recency":
        yield _alert(NO_BETTER, auc, recency, None)


def _alert(code: str, value: float, low: float, high: float | None) -> dict[str, Any]:
    return {
        "model": "served",
        "population": "everybody",
        "figure": "alert",
        "item": code,
        "customers": None,
        "value": value,
        "low": low,
        "high": high,
    }
