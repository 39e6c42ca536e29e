"""What all models are told of, side by side: which, on whom, how well, how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.next_actions.contract import NextActionEvaluation
from amazing_assets.next_actions.figures import Figure, figures, with_intervals
from amazing_assets.next_actions.periods import strangers
from amazing_assets.next_actions.scores import Scores, score
from amazing_assets.next_actions.vocabulary import END_SESSION
from amazing_assets.small_cells import SMALLEST_CELL

if TYPE_CHECKING:
    from amazing_assets.models.arrays import Labels
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.periods import Split
    from amazing_assets.next_actions.scores import Predictor

VALIDATE, TEST = "validate", "test"

# Of whom figures are told: everybody, by where the place is, and customers never learnt from.
EVERYBODY, IN_VISIT, AFTER_VISIT, STRANGERS = "everybody", "in_visit", "after_visit", "strangers"
POPULATIONS = (EVERYBODY, IN_VISIT, AFTER_VISIT, STRANGERS)

SCHEMA = pl.Schema(
    {
        "model": pl.String,
        "seed": pl.Int64,
        "period": pl.String,
        "population": pl.String,
        "places": pl.Int64,
        "customers": pl.Int64,
        "figure": pl.String,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
    }
)


@dataclass(frozen=True)
class Judged:
    """A model with what became of every place of both periods.

    Attributes:
        name: Of the model.
        seed: Of its training; 0 for what is counted.
        scores: By period.
        table: `SCHEMA`.
    """

    name: str
    seed: int
    scores: dict[str, Scores]
    table: pl.DataFrame

    def loss(self, period: str) -> float:
        """Return the mean loss on a period; 0 of no place."""
        found = self.scores[period].loss
        return float(found.mean()) if len(found) else 0.0

    def figure(self, name: str, period: str = TEST) -> float:
        """Return a figure on everybody; 0 of no place."""
        found = self.table.filter(figure=name, period=period, population=EVERYBODY)["value"]
        return float(found.item()) if len(found) else 0.0


def judge(name: str, model: Predictor, found: Histories, parts: Split, seed: int = 0) -> Judged:
    """Return how a model does on the places to validate and to test."""
    periods = {VALIDATE: parts.validate, TEST: parts.test}
    scores = {period: score(model, found, places) for period, places in periods.items()}
    rows = [
        {"model": name, "seed": seed, "period": period, **row}
        for period, places in periods.items()
        for row in _rows(scores[period], found, places)
    ]
    return Judged(name, seed, scores, pl.DataFrame(rows, schema=SCHEMA))


def _rows(scores: Scores, found: Histories, places: Labels) -> list[dict[str, object]]:
    owners = found.owners[places]
    after_visit = found.tokens[places] == END_SESSION
    of = {
        EVERYBODY: np.ones(len(places), dtype=np.bool_),
        IN_VISIT: ~after_visit,
        AFTER_VISIT: after_visit,
        STRANGERS: strangers(found.customers)[owners],
    }
    rows: list[dict[str, object]] = []
    for population, chosen in of.items():
        if not chosen.any():
            continue
        some = Scores(*(each[chosen] for each in scores))
        told = figures(some, found.targets[places[chosen]], owners[chosen])
        size = {
            "places": int(chosen.sum()),
            "customers": len(np.unique(owners[chosen])),
        }
        rows += [
            {"population": population, **size, "figure": name, **figure._asdict()}
            for name, figure in told.items()
        ]
    return rows


def told(model: str, evaluation: pl.DataFrame, version: str) -> pl.DataFrame:
    """Return `NextActionEvaluation` of a model in use; figures of few customers are left out."""
    shown = pl.col("customers") >= SMALLEST_CELL
    figures = ("places", "value", "low", "high", "customers")
    return evaluation.with_columns(
        *(pl.when(shown).then(name) for name in figures),
        serves=pl.col("model") == model,
        model_version=pl.lit(version),
    ).select(schema_of(NextActionEvaluation).names())


def gain(
    model: Judged, other: Judged, period: str, found: Histories, places: Labels
) -> Figure | None:
    """Return by how much the loss of a model is below another's; None of no place."""
    less = other.scores[period].loss - model.scores[period].loss
    return with_intervals({"gain": less}, found.owners[places]).get("gain")
