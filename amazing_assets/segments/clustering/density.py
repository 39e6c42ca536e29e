"""A way of grouping by dense places."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.neighbors import KNeighborsClassifier

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.segments.clustering.family import Fit, Memberships

# HDBSCAN compares customers in pairs: a sample. A dense place smaller than this is no segment.
DENSE_ROWS = 30_000

DENSE_SHARE = 0.02


@dataclass(frozen=True)
class Neighbours:
    """Groups of any form: a customer belongs where the nearest known customer does; no margin.

    Attributes:
        known: The known customers, one row each.
        numbers: Their groups.
    """

    known: Matrix
    numbers: Labels

    @cached_property
    def _nearest(self) -> KNeighborsClassifier:
        # Made again where the model is read: what is stored are the customers, not a tree of them.
        return KNeighborsClassifier(1).fit(self.known, self.numbers)

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the group of the nearest known customer of every row."""
        labels = np.asarray(self._nearest.predict(matrix), dtype=np.int64)
        return Memberships(labels, np.full(len(matrix), np.nan))


def fit_dense_places(matrix: Matrix, k: int, seed: int, _restarts: int) -> Fit:
    """Return the dense places of a sample, however many; k = 0 asks for no number.

    Raises:
        ValueError: There are fewer than two, or not as many as asked for.
    """
    sample = matrix[np.random.default_rng(seed).permutation(len(matrix))[:DENSE_ROWS]]
    smallest = max(2, int(DENSE_SHARE * len(sample)))
    labels = HDBSCAN(min_cluster_size=smallest, copy=True).fit(sample).labels_
    noise = float((labels < 0).mean())
    found = int(labels.max()) + 1
    if found < 2 or k not in (0, found):  # noqa: PLR2004 - one place is no clustering
        raise ValueError(f"it found {found} dense places and {noise:.0%} noise.")
    known = labels >= 0
    order = np.argsort(-np.bincount(labels[known]), kind="stable")
    numbers = np.argsort(order)[labels[known]]
    return Fit(Neighbours(sample[known], numbers), (), noise)
