"""A model of risk as it is used: everything needed to score customers, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.churn.risk.features import matrix, with_purchases
from amazing_assets.churn.risk.reasons import MOST, reasons
from amazing_assets.models.drift import borders, psi

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from amazing_assets.churn.risk.backtest import RiskModel
    from amazing_assets.churn.risk.recipes import Recipe, Rows
    from amazing_assets.churn.value.repurchase import Repurchase
    from amazing_assets.models.arrays import Labels, Matrix
    from amazing_assets.models.probabilities import Told
    from amazing_assets.models.provenance import Provenance

# Features that tell most: what moves among them moves the scores.
_WATCHED = 10

DECILES = 10

# Factor of the odds to those of everybody: above it a risk is high, below its inverse low.
_APART = 3.0

HIGH, MEDIUM, LOW = "high", "medium", "low"
BANDS = (LOW, MEDIUM, HIGH)


@dataclass(frozen=True)
class Reference:
    """How customers were when the model was fitted.

    Attributes:
        usual: Median of each feature.
        inner: Of the features that tell most, the borders of ten bins.
        parts: Of the same, the share of customers in each.
        happened: Of whom it happened, as a share of all.
    """

    usual: dict[str, float]
    inner: dict[str, tuple[float, ...]]
    parts: dict[str, tuple[float, ...]]
    happened: float

    def counts(self, features: Matrix, columns: Sequence[str]) -> dict[str, Matrix]:
        """Return how many customers are in each bin of each watched feature."""
        return {
            name: _counts(_known(features[:, columns.index(name)]), inner)
            for name, inner in self.inner.items()
        }

    def moved(self, counts: Mapping[str, Matrix]) -> dict[str, float]:
        """Return how far each watched feature has moved (population stability index)."""
        return {
            name: psi(self.parts[name], tuple(found / max(found.sum(), 1)))
            for name, found in counts.items()
        }


@dataclass(frozen=True)
class ChurnModel:
    """How likely customers are to do something. Frozen: customers are scored, never learnt from.

    Attributes:
        task: pause, cancel or reactivate.
        name: Of the family, or of the baseline that serves in its place.
        risk: The model.
        recipe: How it was fitted.
        repurchase: When customers buy again; None: nothing is read of it.
        baselines: What it is held against in later weeks, by name.
        reference: How customers were.
        as_of: The reference date of the training: nothing of it, or later, was known.
        is_fallback: Whether a baseline serves, for want of anything better.
        evaluation: `model`, `figure`, `value`, `low` and `high` on the weeks that judged.
        deciles: `decile`, `customers`, `told` and `happened` on the same weeks.
        trials: Of the search.
        provenance: On whom it was fitted.
    """

    task: str
    name: str
    risk: RiskModel
    recipe: Recipe
    repurchase: Repurchase | None
    baselines: dict[str, RiskModel]
    reference: Reference
    as_of: date
    is_fallback: bool
    evaluation: pl.DataFrame
    deciles: pl.DataFrame
    trials: pl.DataFrame
    provenance: Provenance

    def read(self, customers: pl.DataFrame, bought: pl.DataFrame) -> pl.DataFrame:
        """Return customers of a view with all that the model reads of them."""
        return with_purchases(customers, bought, self.repurchase)

    def scored(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return `user_id`, `probability`, `band` and the reasons of customers.

        Args:
            customers: Of `read`, those whom the task asks about.
        """
        features = matrix(customers, self.risk.columns)
        told = self.risk.calibration.apply(self.risk.scores(features))
        added = self.risk.scores.contributions(features)
        why = reasons(features, added, self.risk.columns, self.reference.usual)
        return pl.DataFrame(
            {
                "user_id": customers["user_id"],
                "probability": np.clip(told, 0, 1),
                "band": band(told, self.reference.happened),
                **{f"reason_{n + 1}": pl.Series(why[n], dtype=pl.String) for n in range(MOST)},
            }
        )

    def at_level_of(self, told: Told) -> ChurnModel:
        """Return the model set right by what it told of a week, and what happened after it."""
        risk = self.risk.at_level_of(told)
        if risk is self.risk:
            return self
        usual = replace(self.reference, happened=float(told.happened.mean()))
        return replace(self, risk=risk, reference=usual)

    def figure(self, name: str, model: str | None = None) -> float | None:
        """Return a figure of the model, or of another, on the weeks that judged."""
        found = self.evaluation.filter(model=model or self.name, figure=name)["value"]
        return float(found[0]) if len(found) else None


def band(told: Matrix, happened: float) -> list[str]:
    """Return how high risks are beside that of everybody."""
    usual = happened / max(1 - happened, 1e-9)
    factor = told / np.maximum(1 - told, 1e-9) / max(usual, 1e-9)
    names = np.array(BANDS)
    return list(names[np.searchsorted([1 / _APART, _APART], factor, side="right")])


def reference_of(known: Rows, columns: Sequence[str], added: Matrix) -> Reference:
    """Return how the customers of a week were, by the features that tell most of them."""
    weight = np.abs(added).mean(axis=0)
    watched = [n for n in np.argsort(-weight, kind="stable")[:_WATCHED] if weight[n] > 0]
    values = {columns[n]: _known(known.features[:, n]) for n in watched}
    inner = {name: borders(each) for name, each in values.items()}
    return Reference(
        {name: _median(known.features[:, n]) for n, name in enumerate(columns)},
        inner,
        {name: tuple(_counts(each, inner[name]) / len(each)) for name, each in values.items()},
        float(known.happened.mean()),
    )


def deciles(told: Told) -> pl.DataFrame:
    """Return what was told and what happened, a row for each tenth of the customers."""
    frame = pl.DataFrame({"told": told.probability, "happened": told.happened})
    return (
        frame.with_columns(decile=decile(pl.col("told")))
        .group_by("decile")
        .agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("told", "happened").mean())
        .sort("decile")
        .select("decile", "customers", "told", "happened")
    )


def decile(probability: pl.Expr) -> pl.Expr:
    """The tenth of the customers that a customer is in, 1 the likeliest."""
    place = (-probability).rank("ordinal") - 1
    return (1 + place * DECILES // pl.len()).cast(pl.Int16)


def _median(values: Matrix) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else 0.0


def _known(values: Matrix) -> Matrix:
    """Return values of which unknown ones come before all others."""
    return np.where(np.isnan(values), np.finfo(np.float64).min, values)


def _counts(values: Matrix, inner: Sequence[float]) -> Matrix:
    bins: Labels = np.searchsorted(inner, values, side="right")
    return np.bincount(bins, minlength=len(inner) + 1).astype(float)
