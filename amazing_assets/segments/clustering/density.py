"""A way of grouping by dense places."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.neighbors import KNeighborsClassifier

from amazing_assets.models.arrays import Matrix
from amazing_assets.segments.clustering.family import Fit, Memberships

# HDBSCAN compares customers in pairs: a sample. A dense place smaller than this is no segment.
DENSE_ROWS = 30_000

DENSE_SHARE = 0.02


@dataclass(frozen=True)
class Neighbours:
    """Groups of any form: a customer belongs where the nearest known customer does; no margin."""

    nearest: KNeighborsClassifier

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the group of the nearest known customer of every row."""
        labels = np.asarray(self.nearest.predict(matrix), dtype=np.int64)
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
    if found < 2 or k not in (0, found):  # noqa: PLR2004 - one place is no partition
        raise ValueError(f"it found {found} dense places and {noise:.0%} noise.")
    known = labels >= 0
    order = np.argsort(-np.bincount(labels[known]), kind="stable")
    numbers = np.argsort(order)[labels[known]]
    return Fit(Neighbours(KNeighborsClassifier(1).fit(sample[known], numbers)), (), noise)
