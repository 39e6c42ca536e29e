"""The baseline and the fallback: a grid of recency, frequency and money, five steps each.

It reads nothing but three columns, needs no cluster to exist and can be explained in one sentence;
a model that does not beat it is not worth its explanation. Its edges are learnt once.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.segments.clustering.family import Family, Fit, Memberships

FIFTHS = (0.2, 0.4, 0.6, 0.8)


class Rule(NamedTuple):
    """A group of the grid: its code, least recency score, least sum of frequency and money."""

    code: str
    recency: int
    value: int


# The first rule that applies decides; the last one always does. Scores run from 1 to 5, 5 is best.
RULES = (
    Rule("best_customers", 4, 8),
    Rule("loyal_customers", 3, 6),
    Rule("promising", 4, 4),
    Rule("new_customers", 4, 0),
    Rule("to_be_reminded", 3, 0),
    Rule("valuable_at_risk", 1, 6),
    Rule("asleep", 1, 0),
)

RFM_GROUPS = len(RULES)


@dataclass(frozen=True)
class RfmGrid:
    """Fifths of each column and the rules over them; a rule has no margin."""

    edges: Matrix

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the group of every row by the first rule that applies."""
        scores = self.scores(matrix)
        recency, value = scores[:, 0], scores[:, 1] + scores[:, 2]
        applies = [(recency >= rule.recency) & (value >= rule.value) for rule in RULES]
        return Memberships(np.argmax(applies, axis=0), np.full(len(matrix), np.nan))

    def scores(self, matrix: Matrix) -> Labels:
        """Return 1 to 5 per column; a value on an edge belongs below it, as if it were a tie."""
        columns = zip(self.edges, matrix.T, strict=True)
        return np.stack([1 + np.searchsorted(edges, column) for edges, column in columns], axis=1)


def fit_rfm(matrix: Matrix, _k: int, _seed: int, _restarts: int) -> Fit:
    """Return the grid whose edges are the fifths of these customers."""
    return Fit(RfmGrid(np.quantile(matrix, FIFTHS, axis=0).T))


RFM = Family("rfm", "rfm", fit_rfm, may_be_empty=True)
