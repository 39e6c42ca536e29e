"""Which segment of a new model is which of the old: a segment keeps its number through a refit.

Fitting again orders the groups anew. Whoever planned a campaign for segment 3 must find the same
customers under 3 afterwards, or find 3 gone; a number is never given to another group.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from amazing_assets.models.arrays import Labels, Matrix

# A pair that shares less of its customers is another segment that happens to be nearest.
LEAST_JACCARD = 0.30

# In standard deviations of the customers: a segment that moved further means something else.
FARTHEST_CENTRE = 1.0


class CommonCustomers(NamedTuple):
    """The customers whom both models were fitted on and give a segment, by customer.

    Attributes:
        before: Number of the segment in the old model.
        after: Group in the new model, from 0.
        matrix: The customers on standardised features, in which old centres are measured.
        centres: Of each new group the centre of all its customers, on the same features. Measured
            on the common customers alone, a handful of Tortoises whom the fit put among a crowd of
            new Foxes made that crowd Tortoises.
    """

    before: Labels
    after: Labels
    matrix: Matrix
    centres: Matrix


class Pair(NamedTuple):
    """An old segment and a new group that share customers.

    Attributes:
        before: Number of the old segment.
        after: The new group, from 0.
        jaccard: Customers in both / customers in either.
        distance: Between the centres, standard deviations.
    """

    before: int
    after: int
    jaccard: float
    distance: float


class Succession(NamedTuple):
    """What became of the old segments.

    Attributes:
        numbers: Of each new group, the segment's number from now on.
        kept: The pairs that are one segment.
        retired: Old segments that no group continues.
        splits: Of an old segment that two groups share, the pairs.
        merges: Of a group that two old segments share, the pairs.
        common: Customers whom both models place.
        kept_share: Share of them who keep their number.
        highest: The highest number ever given.
    """

    numbers: tuple[int, ...]
    kept: tuple[Pair, ...]
    retired: tuple[int, ...]
    splits: tuple[Pair, ...]
    merges: tuple[Pair, ...]
    common: int
    kept_share: float
    highest: int


def succeed(placed: CommonCustomers, known: Sequence[int], groups: int, highest: int) -> Succession:
    """Return which group continues which segment; whatever continues none gets a new number.

    Args:
        placed: The customers whom both models place.
        known: Numbers of the old model's segments.
        groups: How many groups the new model has.
        highest: The highest number ever given, whether or not the old model still uses it.
    """
    order = canonical(placed.after, groups)
    table = pairs(placed, sorted(known), order)
    kept = tuple(pair for pair in best(table) if is_same(pair))
    numbers = {pair.after: pair.before for pair in kept}
    highest = max((highest, *known))
    newcomers = [group for group in order if group not in numbers]
    numbers |= {group: highest + 1 + i for i, group in enumerate(newcomers)}
    after = np.array([numbers[group] for group in range(groups)], dtype=np.int64)
    stays = after[placed.after] == placed.before if len(placed.after) else np.array([], dtype=bool)
    shared = [pair for pair in table if pair.jaccard >= LEAST_JACCARD]
    return Succession(
        numbers=tuple(int(number) for number in after),
        kept=kept,
        retired=tuple(sorted(set(known) - {pair.before for pair in kept})),
        splits=repeated(shared, [pair.before for pair in shared]),
        merges=repeated(shared, [pair.after for pair in shared]),
        common=len(placed.after),
        kept_share=float(stays.mean()) if stays.size else 0.0,
        highest=highest + len(newcomers),
    )


def canonical(after: Labels, groups: int) -> list[int]:
    """Return the groups, the largest first, ties by their first customer: labels leave no trace."""
    sizes = np.bincount(after, minlength=groups)
    first = np.full(groups, len(after))
    present, where = np.unique(after, return_index=True)
    first[present] = where
    return [int(group) for group in np.lexsort((np.arange(groups), first, -sizes))]


def pairs(placed: CommonCustomers, known: Sequence[int], order: Sequence[int]) -> list[Pair]:
    """Return every old segment with every group."""
    old = np.array([placed.before == number for number in known]).reshape(len(known), -1)
    new = np.array([placed.after == group for group in order]).reshape(len(order), -1)
    both = old.astype(float) @ new.T.astype(float)
    either = old.sum(axis=1)[:, None] + new.sum(axis=1)[None] - both
    jaccard = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    distances = np.linalg.norm(
        centres(old, placed.matrix)[:, None] - placed.centres[list(order)][None], axis=2
    )
    return [
        Pair(number, group, float(jaccard[i, j]), float(distances[i, j]))
        for i, number in enumerate(known)
        for j, group in enumerate(order)
    ]


def centres(members: Matrix, matrix: Matrix) -> Matrix:
    """Return the mean of each group's customers; of an empty group the origin."""
    sizes = np.maximum(members.sum(axis=1), 1)[:, None]
    return np.asarray(members.astype(float) @ matrix / sizes)


def best(table: list[Pair]) -> list[Pair]:
    """Return the pairs of the one-to-one matching that shares the most."""
    rows = list(dict.fromkeys(pair.before for pair in table))
    shared = np.array([pair.jaccard for pair in table]).reshape(len(rows), -1)
    matching = zip(*linear_sum_assignment(1 - shared), strict=True)
    return [table[row * shared.shape[1] + column] for row, column in matching]


def is_same(pair: Pair) -> bool:
    """Whether old and new are one segment: mostly the same customers, in much the same place."""
    return pair.jaccard >= LEAST_JACCARD and pair.distance < FARTHEST_CENTRE


def repeated(shared: list[Pair], sides: list[int]) -> tuple[Pair, ...]:
    """Return the pairs whose side occurs more than once."""
    return tuple(pair for pair, side in zip(shared, sides, strict=True) if sides.count(side) > 1)
