"""The ways of grouping customers that compete: one tuple, one line a family."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax
from sklearn.cluster import HDBSCAN, Birch, BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # has no types

from amazing_assets.segments.candidates import (
    Family,
    Fit,
    Matrix,
    Memberships,
    fit_centres,
    fit_kmeans,
    fit_tied_gaussians,
    largest_first,
    messages,
)
from amazing_assets.segments.mixture import RIDGE

BATCH = 16_384

# Radius of a subcluster, in units of the customers' own spread: some hundred subclusters remain.
BIRCH_RADIUS = 0.5

# Steps of a mixture with a shape per group, which costs ten times one of a shared shape.
FREE_STEPS = 100

# HDBSCAN compares customers in pairs: a sample. A dense place smaller than this is no segment.
DENSE_ROWS = 30_000
DENSE_SHARE = 0.02


@dataclass(frozen=True)
class FreeGaussians:
    """A Gaussian per group, each of its own shape; margin = first - second posterior.

    Attributes:
        weights: Share of each group.
        means: Centre of each group.
        whitenings: Per group, the matrix that makes its shape a unit sphere.
    """

    weights: Matrix
    means: Matrix
    whitenings: Matrix

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the most probable group of every row and its margin."""
        densities = [
            np.log(np.linalg.det(whitening)) - (((matrix - mean) @ whitening) ** 2).sum(axis=1) / 2
            for mean, whitening in zip(self.means, self.whitenings, strict=True)
        ]
        posteriors = softmax(np.log(self.weights) + np.stack(densities, axis=1), axis=1)
        second, first = np.partition(posteriors, -2, axis=1)[:, -2:].T
        return Memberships(posteriors.argmax(axis=1), first - second)


@dataclass(frozen=True)
class Neighbours:
    """Groups of any form: a customer belongs where the nearest known customer does; no margin."""

    nearest: KNeighborsClassifier

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the group of the nearest known customer of every row."""
        labels = np.asarray(self.nearest.predict(matrix), dtype=np.int64)
        return Memberships(labels, np.full(len(matrix), np.nan))


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


def fit_diagonal_gaussians(matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
    """Return the most likely mixture of Gaussians whose traits vary independently."""
    return fit_free_gaussians(matrix, k, seed, restarts, "diag")


def fit_full_gaussians(matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
    """Return the most likely mixture of Gaussians of any shape."""
    return fit_free_gaussians(matrix, k, seed, restarts, "full")


def fit_free_gaussians(matrix: Matrix, k: int, seed: int, restarts: int, shape: str) -> Fit:
    """Return a mixture of scikit-learn, its starts made by k-means: one for every ten asked."""
    estimator = GaussianMixture(
        k,
        covariance_type=shape,
        reg_covar=RIDGE,
        n_init=max(1, restarts // 10),
        max_iter=FREE_STEPS,
        random_state=seed,
    )
    with warnings.catch_warnings(record=True) as caught, threadpool_limits(1):
        warnings.simplefilter("always", ConvergenceWarning)
        estimator.fit(matrix)
    order = np.argsort(-estimator.weights_, kind="stable")
    whitenings = estimator.precisions_cholesky_[order]
    if shape == "diag":
        whitenings = np.stack([np.diag(row) for row in whitenings])
    weights, means = estimator.weights_[order], estimator.means_[order]
    return Fit(FreeGaussians(weights, means, whitenings), messages(caught))


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


# GMM-tied finds the seven overlapping personas of the demo at ARI .96, k-means at .84. Truncating
# the components at 80 % of the variance cost .06 of ARI, at 95 % nothing: an ablation.
WAYS = (
    ("gmm_tied", fit_tied_gaussians),
    ("gmm_diag", fit_diagonal_gaussians),
    ("gmm_full", fit_full_gaussians),
    ("kmeans", fit_kmeans),
    ("kmeans_minibatch", fit_minibatch),
    ("kmeans_bisecting", fit_bisecting),
    ("birch", fit_birch),
)
FAMILIES = (
    *(Family(name, "scaled", fit) for name, fit in WAYS),
    *(Family(f"{name}_pca95", "pca95", fit) for name, fit in WAYS),
    Family("hdbscan", "scaled", fit_dense_places, finds_k=True),
)
