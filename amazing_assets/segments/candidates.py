"""What a way of grouping customers is, and the two that most others are measured against.

A family turns a matrix into a `Partition`: a few arrays that place any customer, present or
future, without looking at any other. `families` lists those that compete.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # has no types

from amazing_assets.segments.mixture import LONG_RUN, fit_mixture

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]


class RejectedError(ValueError):
    """A candidate that cannot be fitted on these customers; the message says why."""


class Memberships(NamedTuple):
    """Where customers belong (0 to k-1), and how clearly (0 a toss-up, 1 beyond doubt)."""

    labels: Labels
    margins: Matrix


class Partition(Protocol):
    """Fitted groups: places each row of a matrix by itself."""

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the group of every row and its margin."""
        ...


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


@dataclass(frozen=True)
class TiedGaussians:
    """A Gaussian per group, one shape for all; margin = first - second posterior.

    Attributes:
        weights: Share of each group.
        means: Centre of each group, in whitened coordinates.
        whitening: Matrix that makes the shared shape a unit sphere.
    """

    weights: Matrix
    means: Matrix
    whitening: Matrix

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the most probable group of every row and its margin."""
        white = matrix @ self.whitening
        squares = np.stack([((white - mean) ** 2).sum(axis=1) for mean in self.means], 1)
        with np.errstate(divide="ignore"):  # a group that died stays empty
            posteriors = softmax(np.log(self.weights) - squares / 2, axis=1)
        second, first = np.partition(posteriors, -2, axis=1)[:, -2:].T
        return Memberships(posteriors.argmax(axis=1), first - second)


class Fit(NamedTuple):
    """A fitted partition and the warnings met on the way.

    Attributes:
        noise: Share of the customers that the family itself called noise.
    """

    partition: Partition
    warnings: tuple[str, ...] = ()
    noise: float = 0.0


def fit_kmeans(matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
    """Return the best of `restarts` k-means."""
    estimator = KMeans(k, n_init=restarts, random_state=seed)
    return fit_centres(estimator, matrix)


def fit_centres(estimator: Any, matrix: Matrix, **given: Matrix) -> Fit:  # noqa: ANN401 - untyped
    """Return the centres that an estimator of scikit-learn finds, the largest group first."""
    # One thread: on busy cores 2 500 rows took 45 ms with two that wait for each other, else 3.
    with warnings.catch_warnings(record=True) as caught, threadpool_limits(1):
        warnings.simplefilter("always", ConvergenceWarning)
        estimator.fit(matrix, **given)
    centres = np.asarray(estimator.cluster_centers_, dtype=np.float64)
    return Fit(largest_first(centres, matrix), messages(caught))


def largest_first(centres: Matrix, matrix: Matrix) -> Centroids:
    """Return the groups of these centres, numbered by their size among the rows."""
    sizes = np.bincount(Centroids(centres).assign(matrix).labels, minlength=len(centres))
    return Centroids(centres[np.argsort(-sizes, kind="stable")])


def fit_tied_gaussians(matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
    """Return the most likely of `restarts` Gaussian mixtures of one shared covariance."""
    # Starts are merged from twice as many groups: three of them found what 54 plain ones missed,
    # five what two or three missed with some seeds.
    mixture = fit_mixture(matrix, k, seed, max(1, restarts // 2))
    order = np.argsort(-mixture.weights, kind="stable")
    whitening = np.linalg.inv(np.linalg.cholesky(mixture.covariance)).T
    means = mixture.means[order] @ whitening
    gaussians = TiedGaussians(mixture.weights[order], means, whitening)
    return Fit(gaussians, () if mixture.converged else (f"EM stopped after {LONG_RUN} steps.",))


def messages(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """Return the text of each warning."""
    return tuple(str(warning.message) for warning in caught)


@dataclass(frozen=True)
class Family:
    """A way of grouping.

    Attributes:
        name: What the candidate is called.
        view: How the customers are seen: `scaled`, `pca95` or `rfm`.
        fit_matrix: From matrix, k, seed and restarts to the groups.
        may_be_empty: Rules may describe customers who do not exist; a cluster may not.
        finds_k: It decides itself how many groups there are; asked for another number it refuses.
    """

    name: str
    view: str
    fit_matrix: Callable[[Matrix, int, int, int], Fit]
    may_be_empty: bool = False
    finds_k: bool = False

    def fit(self, matrix: Matrix, k: int, seed: int, restarts: int) -> Fit:
        """Return k groups of the rows.

        Raises:
            RejectedError: The fit broke down, or a group of it stayed empty.
        """
        try:
            fitted = self.fit_matrix(matrix, k, seed, restarts)
        except (np.linalg.LinAlgError, ValueError) as error:
            asked = f"{self.name} with k={k}" if k else self.name
            raise RejectedError(f"{asked} cannot be fitted: {error}") from error
        filled = np.unique(fitted.partition.assign(matrix).labels).size
        if filled < k and not self.may_be_empty:
            raise RejectedError(f"{self.name} with k={k} left {k - filled} groups empty.")
        return fitted
