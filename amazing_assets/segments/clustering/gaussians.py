"""Ways of grouping by Gaussian mixtures."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from amazing_assets.models.arrays import Matrix, squared_lengths
from amazing_assets.segments.clustering.family import Fit, Memberships, messages
from amazing_assets.segments.clustering.mixture import LONG_RUN, RIDGE, fit_mixture


def most_probable(log_densities: Matrix, weights: Matrix) -> Memberships:
    """Return the most probable group of every customer and its margin.

    Args:
        log_densities: Of each customer (columns) in each group (rows), up to a constant of the
            customer.
        weights: Share of each group.
    """
    with np.errstate(divide="ignore"):  # a group that died stays empty
        posteriors = softmax(log_densities + np.log(weights)[:, None], axis=0)
    second, first = np.partition(posteriors, -2, axis=0)[-2:]
    return Memberships(posteriors.argmax(axis=0), first - second)


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
        # Of the square of a distance only what differs between groups.
        nearness = self.means @ (matrix @ self.whitening).T
        nearness -= (self.means**2).sum(axis=1, keepdims=True) / 2
        return most_probable(nearness, self.weights)


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


# Steps of a mixture with a shape per group, which costs ten times one of a shared shape.
FREE_STEPS = 100


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
        densities = np.empty((len(self.means), len(matrix)))
        for group, (mean, whitening) in enumerate(zip(self.means, self.whitenings, strict=True)):
            white = (matrix - mean) @ whitening
            densities[group] = squared_lengths(white) / -2
            densities[group] += np.log(np.linalg.det(whitening))
        return most_probable(densities, self.weights)


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
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        estimator.fit(matrix)
    order = np.argsort(-estimator.weights_, kind="stable")
    whitenings = estimator.precisions_cholesky_[order]
    if shape == "diag":
        whitenings = np.stack([np.diag(row) for row in whitenings])
    weights, means = estimator.weights_[order], estimator.means_[order]
    return Fit(FreeGaussians(weights, means, whitenings), messages(caught))
