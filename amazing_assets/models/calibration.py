"""Scores made probabilities: by what happened at scores like these, later than the fit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from amazing_assets.models.arrays import Matrix  # noqa: TC001  read by the archive
from amazing_assets.models.probabilities import fit_logit, logit

ISOTONIC, PLATT = "isotonic", "platt"

# Of fewer who did it a curve of steps follows chance, and a line does not.
FEWEST_FOR_STEPS = 1_000

# Between which a shift of the logarithm of the odds is looked for, and how often that is halved.
_WIDEST, _HALVINGS = 12.0, 50


@dataclass(frozen=True)
class Calibration:
    """What a score means.

    Attributes:
        method: `isotonic`, a rising curve, or `platt`, a line on the logits.
        scores: Where the curve bends; of a line, its intercept and slope.
        probabilities: The probability there; of a line, nothing.
    """

    method: str
    scores: Matrix
    probabilities: Matrix

    def apply(self, scores: Matrix) -> Matrix:
        """Return the probabilities of some scores, themselves from 0 to 1."""
        if self.method == ISOTONIC:
            return np.interp(scores, self.scores, self.probabilities)
        intercept, slope = self.scores
        return np.asarray(1 / (1 + np.exp(-(intercept + slope * logit(scores)))))

    def shifted(self, log_odds: float) -> Calibration:
        """Return the same with all odds multiplied: ranks stay, the level moves."""
        if self.method == ISOTONIC:
            return replace(self, probabilities=moved(self.probabilities, log_odds))
        return replace(self, scores=self.scores + np.array([log_odds, 0.0]))


def moved(probabilities: Matrix, log_odds: float) -> Matrix:
    """Return probabilities whose odds are all multiplied by one factor, told by its logarithm."""
    return np.asarray(1 / (1 + np.exp(-(logit(probabilities) + log_odds))))


def shift_to(probabilities: Matrix, happened: float) -> float:
    """Return the logarithm of the factor of the odds that makes the mean what happened.

    What is asked is the same and answers are ranked alike, only more or fewer do it than among
    those by whom scores became probabilities (prior shift; Saerens, Latinne, Decaestecker 2002).

    Args:
        probabilities: What was told.
        happened: The share who did it, above 0 and below 1.
    """
    low, high = -_WIDEST, _WIDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_low = moved(probabilities, middle).mean() < happened
        low, high = (middle, high) if is_low else (low, middle)
    return (low + high) / 2


def fit_calibration(scores: Matrix, happened: Matrix) -> Calibration:
    """Return what scores mean, of customers on whom the model was not fitted."""
    if happened.sum() < FEWEST_FOR_STEPS:
        line = fit_logit(logit(scores), happened, np.ones_like(scores))
        return Calibration(PLATT, line, np.empty(0))
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415  a second

    steps = IsotonicRegression(out_of_bounds="clip").fit(scores, happened)
    # Nothing is impossible, nor certain, of what was seen so many times.
    edge = 1 / (2 + len(scores))
    probabilities = np.clip(steps.y_thresholds_, edge, 1 - edge)
    return Calibration(ISOTONIC, np.asarray(steps.X_thresholds_), probabilities)
