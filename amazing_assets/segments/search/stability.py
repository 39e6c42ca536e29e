"""Would another sample of the same customers have shown the same groups?

Prediction strength (Tibshirani and Walther 2005): halve the customers, group each half by itself,
and ask how many pairs that one half puts together the other half's groups would put together too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.measures import standard_error
from amazing_assets.segments.clustering.family import Clustering, Family
from amazing_assets.segments.search.likelihood import gain_of_bells, normal_scores

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


class Direction(NamedTuple):
    """One half that is known and the other that is held out, the same for every candidate.

    Attributes:
        known: Row numbers of the half that is grouped.
        held_out: Those of the other.
        bells: The known half in the space shared by all families, as `normal_scores`.
        held_out_bells: The other, by the ranks of the known half.
    """

    known: Labels
    held_out: Labels
    bells: Matrix
    held_out_bells: Matrix


class Split(NamedTuple):
    """Both directions of one halving of the customers."""

    there: Direction
    back: Direction


def halve(shared: Matrix, splits: int, seed: int) -> Iterator[Split]:
    """Yield halvings of the customers; the first ones never change, however many there are.

    Args:
        shared: The customers in the space shared by all families.
        splits: How many halvings.
        seed: Draws them.
    """
    rng = np.random.default_rng(seed)
    rows = len(shared)
    for _ in range(splits):
        order = rng.permutation(rows)
        one, other = order[: rows // 2], order[rows // 2 :]
        yield Split(_direction(shared, one, other), _direction(shared, other, one))


def _direction(shared: Matrix, known: Labels, held_out: Labels) -> Direction:
    seen, unseen = shared[known], shared[held_out]
    return Direction(known, held_out, normal_scores(seen, seen), normal_scores(seen, unseen))


@dataclass(frozen=True)
class Halves:
    """How a candidate is tried on halves of the customers.

    Attributes:
        splits: The halvings.
        restarts: Random starts of every fit.
        seed: Of every fit.
        enough: The strength that the gate asks for.
    """

    splits: Sequence[Split]
    restarts: int
    seed: int
    enough: float

    def once(self) -> "Halves":
        """Return the first halving alone: a cheap look before the costly one."""
        return replace(self, splits=self.splits[:1])


def stability(
    family: Family, k: int, reference: Clustering, matrix: Matrix, halves: Halves
) -> Stability:
    """Return what random halves of the customers agree on.

    Args:
        family: What is fitted on each half.
        k: How many groups.
        reference: The same family fitted on all rows; numbers the segments.
        matrix: The customers as the family sees them.
        halves: The halves.

    Raises:
        RejectedError: A half could not be fitted.
    """
    labels = reference.assign(matrix).labels
    rows: list[Halving] = []
    for split in halves.splits:
        fits = [family.fit(matrix[way.known], k, halves.seed, halves.restarts) for way in split]
        for way, pair in zip(split, (fits, fits[::-1]), strict=True):
            predicted, found = (fit.clustering.assign(matrix[way.held_out]).labels for fit in pair)
            seen = pair[0].clustering.assign(matrix[way.known]).labels
            strengths = prediction_strength(found, predicted, k)
            gain = gain_of_bells(way.bells, seen, way.held_out_bells)
            rows.append(Halving(strengths[matched(labels[way.held_out], found, k)], gain))
        if np.mean([row.strengths.mean() for row in rows]) < halves.enough - HOPELESS:
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
