"""Would another sample of the same customers have shown the same groups?

Prediction strength (Tibshirani and Walther 2005): halve the customers, group each half by itself,
and ask how many pairs that one half puts together the other half's groups would put together too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.measures import standard_error
from amazing_assets.segments.clustering.family import Clustering, Family
from amazing_assets.segments.search.likelihood import likelihood_gain

# A candidate this far below the gate after one halving is not halved again: between halvings the
# mean strength moved by .01 to .06. Structureless data (.16 to .51) then costs a fifth.
HOPELESS = 0.15


class Halving(NamedTuple):
    """One direction of one split: what one half says about the other.

    Attributes:
        strengths: Prediction strength per segment, numbered as the reference numbers them.
        gain: Likelihood gain of the groups on the other half, nats per customer.
    """

    strengths: Matrix
    gain: float


@dataclass(frozen=True)
class Stability:
    """All halvings of one candidate, one row each; two rows, both directions, make a split."""

    strengths: Matrix
    gains: Matrix

    @property
    def mean(self) -> float:
        """Prediction strength, mean over segments and splits."""
        return float(self.strengths.mean())

    @property
    def per_segment(self) -> Matrix:
        """Prediction strength of each segment, mean over splits."""
        return np.asarray(self.strengths.mean(axis=0))

    @property
    def mean_error(self) -> float:
        """Standard error of the prediction strength over splits."""
        return standard_error(self.strengths.mean(axis=1).reshape(-1, 2).mean(axis=1))

    @property
    def gain(self) -> float:
        """Likelihood gain, mean over splits."""
        return float(self.gains.mean())

    @property
    def gain_error(self) -> float:
        """Standard error of the gain over splits, whose two directions are not independent."""
        return standard_error(self.gains.reshape(-1, 2).mean(axis=1))


@dataclass(frozen=True)
class Splits:
    """How often, from which seed and up to which rows the customers are halved."""

    splits: int
    restarts: int
    seed: int
    enough: float

    def draw(self, rows: int) -> Iterator[tuple[Labels, Labels]]:
        """Yield the two halves of each split, as row numbers; the first splits never change."""
        rng = np.random.default_rng(self.seed)
        for _ in range(self.splits):
            order = rng.permutation(rows)
            yield order[: rows // 2], order[rows // 2 :]

    def once(self) -> "Splits":
        """Return the first split alone: a cheap look before the costly one."""
        return replace(self, splits=1)


def stability(
    family: Family,
    k: int,
    reference: Clustering,
    matrices: tuple[Matrix, Matrix],
    splits: Splits,
) -> Stability:
    """Return what random halves of the customers agree on.

    Args:
        family: What is fitted on each half.
        k: How many groups.
        reference: The same family fitted on all rows; numbers the segments.
        matrices: The customers as the family sees them, and in the space shared by all families.
        splits: How they are halved.

    Raises:
        RejectedError: A half could not be fitted.
    """
    matrix, shared = matrices
    labels = reference.assign(matrix).labels
    rows: list[Halving] = []
    for one, other in splits.draw(len(matrix)):
        fits = [family.fit(matrix[half], k, splits.seed, splits.restarts) for half in (one, other)]
        for known, held_out, pair in ((one, other, fits), (other, one, fits[::-1])):
            predicted, found = (fit.clustering.assign(matrix[held_out]).labels for fit in pair)
            seen = pair[0].clustering.assign(matrix[known]).labels
            strengths = prediction_strength(found, predicted, k)
            gain = likelihood_gain(shared[known], seen, shared[held_out])
            rows.append(Halving(strengths[matched(labels[held_out], found, k)], gain))
        if np.mean([row.strengths.mean() for row in rows]) < splits.enough - HOPELESS:
            break
    return Stability(np.stack([row.strengths for row in rows]), np.array([r.gain for r in rows]))


def prediction_strength(found: Labels, predicted: Labels, k: int) -> Matrix:
    """Return, per group found, the share of its pairs that are predicted to be together.

    Counted on the contingency table of the two labellings: n x k memory instead of n x n. A group
    of one has no pair and counts as kept.
    """
    together = contingency(found, predicted, k)
    sizes = together.sum(axis=1)
    pairs = sizes * (sizes - 1)
    kept = (together * (together - 1)).sum(axis=1)
    return np.asarray(np.divide(kept, pairs, out=np.ones(len(sizes)), where=pairs > 0))


def contingency(one: Labels, other: Labels, k: int) -> Matrix:
    """Return how many rows carry each pair of labels."""
    return np.bincount(one * k + other, minlength=k * k).reshape(k, k).astype(float)


def matched(reference: Labels, found: Labels, k: int) -> Labels:
    """Return, for each reference group, the group found that shares most customers with it."""
    return np.asarray(linear_sum_assignment(contingency(reference, found, k), maximize=True)[1])
