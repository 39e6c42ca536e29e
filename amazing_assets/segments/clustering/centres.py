"""Ways of grouping around centres: k-means and its relatives."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.cluster import Birch, BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.exceptions import ConvergenceWarning

from amazing_assets.models.arrays import Matrix
from amazing_assets.segments.clustering.family import Fit, Memberships, messages


@dataclass(frozen=True)
class Centroids:
    """Groups of customers nearest to a centre; margin = 1 - nearest / second distance."""

    centres: Matrix

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the nearest centre of every row and its margin."""
        squares = np.stack([((matrix - centre) ** 2).sum(axis=1) for centre in self.centres], 1)
        first, second = np.sqrt(np.partition(squares, 1, axis=1)[:, :2]).T
        # Two centres in one place leave nothing to choose between.
        margins = 1 - np.divide(first, second, out=np.ones_like(first), where=second > 0)
        return Memberships(squares.argmin(axis=1), margins)


def fit_kmeans(matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
    """Return the best of `restarts` k-means."""
    estimator = KMeans(k, n_init=restarts, random_state=seed)
    return fit_centres(estimator, matrix)


def fit_centres(estimator: Any, matrix: Matrix, **given: Matrix) -> Fit:  # noqa: ANN401 - untyped
    """Return the centres that an estimator of scikit-learn finds, the largest group first."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        estimator.fit(matrix, **given)
    centres = np.asarray(estimator.cluster_centers_, dtype=np.float64)
    return Fit(largest_first(centres, matrix), messages(caught))


def largest_first(centres: Matrix, matrix: Matrix) -> Centroids:
    """Return the groups of these centres, numbered by their size among the rows."""
    sizes = np.bincount(Centroids(centres).assign(matrix).labels, minlength=len(centres))
    return Centroids(centres[np.argsort(-sizes, kind="stable")])


BATCH = 16_384

# Radius of a subcluster, in units of the customers' own spread: some hundred subclusters remain.
BIRCH_RADIUS = 0.5


def fit_minibatch(matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
    """Return k-means over random batches."""
    estimator = MiniBatchKMeans(k, batch_size=BATCH, n_init=restarts, random_state=seed)
    return fit_centres(estimator, matrix)


def fit_bisecting(matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
    """Return k-means by halving the widest group until there are k."""
    return fit_centres(BisectingKMeans(k, n_init=restarts, random_state=seed), matrix)


def fit_birch(matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
    """Return k-means over the subclusters of a Birch tree, each weighed by its customers."""
    radius = BIRCH_RADIUS * float(np.sqrt(matrix.var(axis=0).sum()))
    if radius == 0:
        raise ValueError("all customers are the same.")
    tree = Birch(threshold=radius, n_clusters=None).fit(matrix)
    if len(tree.subcluster_centers_) < k:
        raise ValueError(f"there are only {len(tree.subcluster_centers_)} subclusters.")
    sizes = np.bincount(tree.labels_, minlength=len(tree.subcluster_centers_)).astype(float)
    estimator = KMeans(k, n_init=restarts, random_state=seed)
    fit = fit_centres(estimator, tree.subcluster_centers_, sample_weight=sizes)
    return Fit(largest_first(estimator.cluster_centers_, matrix), fit.warnings)
