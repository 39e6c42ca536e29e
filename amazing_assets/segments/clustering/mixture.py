"""A Gaussian mixture with one shared covariance, fitted by expectation and maximisation.

Not scikit-learn's, whose result it equals: with a shared covariance the quadratic term of the log
density is the same for every group and cancels, and the second moment of the customers never
changes. A step is two thin matrix products, and the search over candidates ten times faster.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve
from sklearn.cluster import kmeans_plusplus

Matrix = NDArray[np.float64]

# Added to the variances: keeps a column that is nearly constant invertible.
RIDGE = 1e-4

# A start is run for a few steps, the best third for some more, and only the last one standing to
# the end.
ROUNDS = (15, 45)
LONG_RUN = 500

# Converged when a step adds less than this to the log-likelihood per customer, in nats.
TOLERANCE = 1e-5


class Mixture(NamedTuple):
    """Shares and means of the groups, their shared covariance, and how well they fit.

    Attributes:
        likelihood: Log-likelihood per customer, nats, up to a constant of the dimension.
        converged: Whether the last step added next to nothing.
    """

    weights: Matrix
    means: Matrix
    covariance: Matrix
    likelihood: float = -np.inf
    converged: bool = False


def fit_mixture(matrix: Matrix, k: int, seed: int, restarts: int) -> Mixture:
    """Return the most likely mixture found from `restarts` random starts.

    Raises:
        numpy.linalg.LinAlgError: A covariance became singular.
    """
    rng = np.random.RandomState(seed)
    moment = matrix.T @ matrix / len(matrix)
    runs = [start(matrix, moment, k, rng) for _ in range(restarts)]
    for steps in ROUNDS:
        runs = [climb(matrix, moment, run, steps) for run in runs]
        runs = sorted(runs, key=lambda run: -run.likelihood)[: max(1, len(runs) // 3)]
    return climb(matrix, moment, runs[0], LONG_RUN)


def start(matrix: Matrix, moment: Matrix, k: int, rng: np.random.RandomState) -> Mixture:
    """Return k groups merged from twice as many, which began at customers that lie far apart.

    The usual trap is one centre for two groups and two for another; it takes many starts to avoid
    and none to leave, for EM does not jump. Too many centres cover every group; merging finds out
    which were one.
    """
    centres, _ = kmeans_plusplus(matrix, 2 * k, random_state=rng)
    nearest = (centres @ matrix.T - (centres**2).sum(axis=1, keepdims=True) / 2).argmax(axis=0)
    members = (nearest == np.arange(2 * k)[:, None]).astype(np.float64)
    many = maximise(matrix, moment, members)
    return merged(climb(matrix, moment, many, ROUNDS[0]), moment, k)


def merged(mixture: Mixture, moment: Matrix, k: int) -> Mixture:
    """Return the mixture with the nearest two groups made one until k are left (Ward 1963)."""
    weights, means = mixture.weights, mixture.means
    whitening = np.linalg.inv(np.linalg.cholesky(mixture.covariance)).T
    while len(weights) > k:
        white = means @ whitening
        squares = ((white[:, None] - white[None]) ** 2).sum(axis=2)
        sums = weights[:, None] + weights[None]
        costs = weights[:, None] * weights[None] / np.maximum(sums, np.finfo(float).tiny) * squares
        np.fill_diagonal(costs, np.inf)
        kept, gone = sorted(divmod(int(costs.argmin()), len(weights)))
        total = max(sums[kept, gone], np.finfo(float).tiny)
        means[kept] = (weights[kept] * means[kept] + weights[gone] * means[gone]) / total
        weights[kept] = total
        weights, means = np.delete(weights, gone), np.delete(means, gone, axis=0)
    ridge = RIDGE * np.eye(len(moment))
    return Mixture(weights, means, moment - (weights[:, None] * means).T @ means + ridge)


def climb(matrix: Matrix, moment: Matrix, mixture: Mixture, steps: int) -> Mixture:
    """Return the mixture after at most so many steps of expectation and maximisation."""
    before = -np.inf
    for _ in range(steps):
        responsibilities, likelihood = expect(matrix, moment, mixture)
        mixture = maximise(matrix, moment, responsibilities)
        if likelihood - before < TOLERANCE:
            return mixture._replace(likelihood=likelihood, converged=True)
        before = likelihood
    return mixture._replace(likelihood=before)


def expect(matrix: Matrix, moment: Matrix, mixture: Mixture) -> tuple[Matrix, float]:
    """Return each customer's probability of each group, and the log-likelihood per customer.

    A row a group and a column a customer: sums and maxima over a few groups are then over long
    rows, and cost a fifth of those over short ones.
    """
    cholesky = np.linalg.cholesky(mixture.covariance)
    slopes = cho_solve((cholesky, True), mixture.means.T).T
    with np.errstate(divide="ignore"):  # a group that died keeps the share zero
        offsets = np.log(mixture.weights) - (mixture.means * slopes).sum(axis=1) / 2
    densities = slopes @ matrix.T
    densities += offsets[:, None]
    highest = densities.max(axis=0)
    densities -= highest
    np.exp(densities, out=densities)
    totals = densities.sum(axis=0)
    densities /= totals
    shared = np.log(np.diag(cholesky)).sum() + np.trace(cho_solve((cholesky, True), moment)) / 2
    return densities, float((np.log(totals) + highest).mean() - shared)


def maximise(matrix: Matrix, moment: Matrix, responsibilities: Matrix) -> Mixture:
    """Return the mixture that these probabilities, a row a group, make most likely."""
    sizes = responsibilities.sum(axis=1)
    means = responsibilities @ matrix / np.maximum(sizes, np.finfo(float).tiny)[:, None]
    weights = sizes / len(matrix)
    covariance = moment - (weights[:, None] * means).T @ means + RIDGE * np.eye(matrix.shape[1])
    return Mixture(weights, means, covariance)
