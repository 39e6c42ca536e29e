"""How good probabilities of one thing that happens or does not are, with intervals by customer.

A customer may stand in several rows, of several weeks: whole customers are drawn anew, for rows of
one customer drawn apart would look like more evidence than they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.models.arrays import Labels, Matrix

RESAMPLES = 100

# The share of customers whom a campaign reaches.
CAMPAIGN = 0.1

BINS = 10

# Of a probability, so that its logarithm is finite.
_NEAREST = 1e-6

_NEWTON_STEPS = 25
_TRIFLE = 1e-9


class Told(NamedTuple):
    """Probabilities and what happened, a row a customer and moment.

    Attributes:
        probability: What was told.
        happened: 1 if it did, else 0.
        owners: The customer of each row, by any number.
    """

    probability: Matrix
    happened: Matrix
    owners: Labels


class Figure(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class Ranked(NamedTuple):
    """Rows by falling probability, equal ones together: what every ranking measure adds up."""

    order: Labels
    starts: Labels
    happened: Matrix

    @classmethod
    def of(cls, told: Told) -> Ranked:
        """Rank some rows."""
        order = np.argsort(-told.probability, kind="stable")
        falling = told.probability[order]
        starts = np.flatnonzero(np.r_[True, falling[1:] != falling[:-1]])
        return cls(order, starts, told.happened[order])

    def counts(self, weights: Matrix) -> tuple[Matrix, Matrix]:
        """Return what happened and what did not in each group of equal probability."""
        mine = weights[self.order]
        happened = np.add.reduceat(mine * self.happened, self.starts)
        return happened, np.add.reduceat(mine, self.starts) - happened


def roc_auc(happened: Matrix, others: Matrix) -> float:
    """Return the chance that of one who did it and one who did not the first ranks higher."""
    below = others.sum() - np.cumsum(others) + others / 2
    pairs = happened.sum() * others.sum()
    return float((happened * below).sum() / pairs) if pairs else float("nan")


def average_precision(happened: Matrix, others: Matrix) -> float:
    """Return the mean precision over all who did it: the area below precision and recall."""
    found, asked = np.cumsum(happened), np.cumsum(happened + others)
    precision = np.divide(found, asked, out=np.zeros_like(found), where=asked > 0)
    total = happened.sum()
    return float((precision * happened).sum() / total) if total else float("nan")


def recall_at(happened: Matrix, others: Matrix, share: float = CAMPAIGN) -> float:
    """Return which part of all who did it are among the first so many; ties count in part."""
    sizes = happened + others
    reached = np.clip(share * sizes.sum() - (np.cumsum(sizes) - sizes), 0, sizes)
    part = np.divide(reached, sizes, out=np.zeros_like(sizes), where=sizes > 0)
    total = happened.sum()
    return float((part * happened).sum() / total) if total else float("nan")


def figures(told: Told, seed: int = 0) -> dict[str, Figure]:
    """Return all that is told of some probabilities, each with its interval.

    `pr_auc`, `roc_auc`, `lift_10` and `recall_10` (at a tenth of the customers), `brier`,
    `brier_skill` (against telling everybody the mean), `ece` (ten bins of equal size), `slope` (of
    what happened on the logit; 1 as told), `told_to_happened` (mean told / mean happened).
    """
    measure = _Measure.of(told)
    whole = measure(np.ones(len(told.happened)))
    drawn = [measure(weights) for weights in _draws(told.owners, seed)]
    found = {}
    for name, value in whole.items():
        low, high = np.nanquantile([each[name] for each in drawn], (0.025, 0.975))
        found[name] = Figure(value, float(low), float(high))
    return found


def measured(told: Told) -> dict[str, float]:
    """Return the same figures without their intervals, which take a hundred times as long."""
    return _Measure.of(told)(np.ones(len(told.happened)))


def difference(one: Told, other: Told, measure: str, seed: int = 0) -> Figure:
    """Return by how much a figure of one model exceeds that of another on the same rows."""
    first, second = _Measure.of(one), _Measure.of(other)

    def exceeds(weights: Matrix) -> float:
        return first.only(measure, weights) - second.only(measure, weights)

    drawn = [exceeds(weights) for weights in _draws(one.owners, seed)]
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return Figure(exceeds(np.ones(len(one.happened))), float(low), float(high))


def fit_logit(
    values: Matrix, happened: Matrix, weights: Matrix, start: Matrix | None = None
) -> Matrix:
    """Return intercept and slope of a logistic regression on one value, by Newton's method."""
    if values.min(initial=np.inf) == values.max(initial=-np.inf):
        # Where all values are equal there is no slope, and steps would go on along a valley.
        share = np.array([weights @ happened / max(weights.sum(), _TRIFLE)])
        return np.array([logit(share)[0], 0.0])
    found = np.zeros(2) if start is None else start
    squares = values * values
    for _ in range(_NEWTON_STEPS):
        mean = 1 / (1 + np.exp(-np.clip(found[0] + found[1] * values, -30, 30)))
        error, spread = weights * (happened - mean), weights * mean * (1 - mean)
        mixed = spread @ values
        # A trifle on the diagonal: where nearly all are equal it can still be solved.
        curvature = np.array([[spread.sum() + _TRIFLE, mixed], [mixed, spread @ squares + _TRIFLE]])
        step = np.linalg.solve(curvature, np.array([error.sum(), error @ values]))
        found = found + np.clip(step, -5, 5)
        if np.abs(step).max() < _NEAREST:
            break
    return found


def logit(probability: Matrix) -> Matrix:
    """Return the logarithm of the odds, of probabilities kept off 0 and 1."""
    inside = np.clip(probability, _NEAREST, 1 - _NEAREST)
    return np.asarray(np.log(inside / (1 - inside)))


class _Measure(NamedTuple):
    """What some probabilities are worth, whatever the weights of their rows."""

    told: Told
    ranked: Ranked
    logits: Matrix
    line: Matrix

    @classmethod
    def of(cls, told: Told) -> _Measure:
        logits = logit(told.probability)
        line = fit_logit(logits, told.happened, np.ones_like(logits))
        return cls(told, Ranked.of(told), logits, line)

    def only(self, figure: str, weights: Matrix) -> float:
        """Return one figure; what models are compared by takes a tenth of all together."""
        if figure == "pr_auc":
            return average_precision(*self.ranked.counts(weights))
        if figure == "brier":
            return self._brier(weights)
        return self(weights)[figure]

    def _brier(self, weights: Matrix) -> float:
        error = self.told.probability - self.told.happened
        return float(weights @ error**2 / weights.sum())

    def __call__(self, weights: Matrix) -> dict[str, float]:
        told, total = self.told, weights.sum()
        happened, others = self.ranked.counts(weights)
        observed = float(weights @ told.happened / total)
        expected = float(weights @ told.probability / total)
        brier = self._brier(weights)
        recall, spread = recall_at(happened, others), observed * (1 - observed)
        # From the line of all rows it is a step or two to that of some.
        slope = fit_logit(self.logits, told.happened, weights, self.line)[1]
        return {
            "prevalence": observed,
            "pr_auc": average_precision(happened, others),
            "roc_auc": roc_auc(happened, others),
            "lift_10": recall / CAMPAIGN,
            "recall_10": recall,
            "brier": brier,
            "brier_skill": 1 - brier / spread if spread else float("nan"),
            "ece": _calibration_error(told, self.ranked, weights),
            "slope": float(slope),
            "told_to_happened": expected / observed if observed else float("nan"),
        }


def _calibration_error(told: Told, ranked: Ranked, weights: Matrix) -> float:
    mine = weights[ranked.order]
    place = np.minimum((np.cumsum(mine) - mine) * BINS / mine.sum(), BINS - 1).astype(np.int64)
    gap = mine * (told.probability[ranked.order] - ranked.happened)
    return float(np.abs(np.bincount(place, gap, BINS)).sum() / mine.sum())


def _draws(owners: Labels, seed: int) -> Iterator[Matrix]:
    """Yield weights of the rows: how often the customer of each was drawn."""
    _, customer = np.unique(owners, return_inverse=True)
    count = int(customer.max(initial=-1)) + 1
    random = np.random.default_rng(seed)
    for _ in range(RESAMPLES):
        drawn = np.bincount(random.integers(0, count, count), minlength=count)
        yield drawn.astype(float)[customer]
