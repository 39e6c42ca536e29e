"""Scores made probabilities: by what happened at scores like these, later than the fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amazing_assets.models.arrays import Matrix  # noqa: TC001  read by the archive
from amazing_assets.models.probabilities import fit_logit, logit

ISOTONIC, PLATT = "isotonic", "platt"

# Of fewer who did it a curve of steps follows chance, and a line does not.
FEWEST_FOR_STEPS = 1_000


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
