"""What happens to the groups when the customers are disturbed: other samples, seeds, bots, months.

Every trial fits anew and compares with the groups found on the undisturbed customers. Where the
disturbance reaches the features, preprocessing is learnt anew as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import polars as pl
from sklearn.metrics import adjusted_rand_score

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.measures import eta_squared, standard_error
from amazing_assets.segments.behaviour.columns import COUNTS, WINDOW
from amazing_assets.segments.behaviour.preprocessing import NothingDiffersError, Representation
from amazing_assets.segments.behaviour.representations import REPRESENTATIONS
from amazing_assets.segments.clustering.family import Clustering, Family, RejectedError
from amazing_assets.segments.search.past import Past
from amazing_assets.segments.search.stability import contingency

# Rows of a bootstrap resample at most, as of a half: 20 fits of each finalist.
RESAMPLE_ROWS = 10_000

# The attack that ruins a naive recipe: few machines that do everything 500 times as often.
BOT_SHARE = 0.005

BOT_FACTOR = 500

BUSY = (
    "frequency",
    f"events_per_session_{WINDOW}",
    f"number_of_sessions_{WINDOW}",
    f"monetary_{WINDOW}",
    *COUNTS,
)

TOP_SPENDERS = 0.01


@dataclass(frozen=True)
class Perturbed:
    """A candidate on trial: how to fit it, on whom, and the groups it found undisturbed.

    Attributes:
        labels: Group of each customer by the candidate fitted on all of them.
        without: Features that are left out, for they are no habits.
    """

    family: Family
    k: int
    customers: pl.DataFrame
    labels: Labels
    seed: int
    restarts: int
    without: tuple[str, ...] = ()

    def learn(self, customers: pl.DataFrame, *, clipped: bool = True) -> Representation:
        """Return what the family sees, learnt from other customers."""
        learn = REPRESENTATIONS[self.family.representation]
        return learn(customers, clipped=clipped, without=self.without)

    def refit(self, customers: pl.DataFrame) -> "FittedGroups":
        """Return representation and groups learnt from other customers.

        Raises:
            RejectedError: They do not allow it.
        """
        try:
            representation = self.learn(customers)
        except NothingDiffersError as error:
            raise RejectedError(f"{self.family.name} with k={self.k}: {error}") from error
        fit = self.family.fit(representation.matrix(customers), self.k, self.seed, self.restarts)
        return FittedGroups(representation, fit.clustering)

    def agreement(self, labels: Labels, among: pl.Series | None = None) -> float:
        """Return the adjusted Rand index of other labels with the undisturbed ones."""
        mine = self.labels if among is None else self.labels[among.to_numpy()]
        return float(adjusted_rand_score(mine, labels))


class FittedGroups(NamedTuple):
    """A representation and the groups in it: places any customers."""

    representation: Representation
    clustering: Clustering

    def labels(self, customers: pl.DataFrame) -> Labels:
        """Return the group of each customer."""
        return self.clustering.assign(self.representation.matrix(customers)).labels


class Jaccards(NamedTuple):
    """Bootstrap Jaccard index of each group, one row a resample."""

    values: Matrix

    @property
    def mean(self) -> float:
        """Mean over groups and resamples."""
        return float(self.values.mean())

    @property
    def least(self) -> float:
        """Mean over resamples of the weakest group."""
        return float(self.values.mean(axis=0).min())

    @property
    def error(self) -> float:
        """Standard error of the mean over resamples."""
        return standard_error(self.values.mean(axis=1))


def under_resampling(trial: Perturbed, matrix: Matrix, resamples: int) -> Jaccards:
    """Return how much of each group reappears in bootstrap resamples (Hennig 2007).

    Compared on the customers drawn, each once; a group's index is that of the group found that
    resembles it most.

    Raises:
        RejectedError: A resample could not be grouped.
    """
    rows = []
    for number, drawn in enumerate(resample(len(matrix), resamples, trial.seed)):
        fit = trial.family.fit(matrix[drawn], trial.k, trial.seed + number, trial.restarts)
        once = np.unique(drawn)
        found = fit.clustering.assign(matrix[once]).labels
        rows.append(jaccards(trial.labels[once], found, trial.k))
    return Jaccards(np.stack(rows))


def resample(rows: int, resamples: int, seed: int) -> Iterator[Labels]:
    """Yield row numbers drawn with replacement."""
    rng = np.random.default_rng(seed)
    for _ in range(resamples):
        yield rng.integers(rows, size=min(rows, RESAMPLE_ROWS))


def jaccards(reference: Labels, found: Labels, k: int) -> Matrix:
    """Return, per reference group, the Jaccard index with the group found most like it."""
    both = contingency(reference, found, k)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0) - both
    index = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return np.asarray(index.max(axis=1))


def across_seeds(trial: Perturbed, matrix: Matrix, seeds: int) -> float:
    """Return the mean agreement of every two of several seeds on the same customers.

    Raises:
        RejectedError: A seed found no groups.
    """
    others = [
        trial.family.fit(matrix, trial.k, trial.seed + number, trial.restarts).clustering
        for number in range(1, seeds)
    ]
    found = [trial.labels, *(clustering.assign(matrix).labels for clustering in others)]
    pairs = [adjusted_rand_score(one, other) for one, other in combinations(found, 2)]
    return float(np.mean(pairs))


def under_attack(trial: Perturbed) -> float:
    """Return the agreement on the customers left alone when 0.5 % do everything 500 times.

    Raises:
        RejectedError: The attacked customers could not be grouped.
    """
    is_bot = bots(trial.customers.height, trial.seed)
    placed = trial.refit(attacked(trial.customers, is_bot))
    return trial.agreement(placed.labels(trial.customers.filter(~is_bot)), ~is_bot)


def bots(rows: int, seed: int) -> pl.Series:
    """Return which customers become bots: 0.5 % of them, at least one."""
    chosen = np.random.default_rng(seed).permutation(rows) < max(1, round(BOT_SHARE * rows))
    return pl.Series("is_bot", chosen)


def attacked(customers: pl.DataFrame, is_bot: pl.Series) -> pl.DataFrame:
    """Return the customers with everything a bot does counted 500 times."""
    return customers.with_columns(
        pl.when(is_bot).then(pl.col(name) * BOT_FACTOR).otherwise(pl.col(name)).alias(name)
        for name in BUSY
        if name in customers.columns
    )


def without_spenders(trial: Perturbed) -> float:
    """Return the agreement on the other 99 % when the top 1 % spenders are left out of the fit.

    Raises:
        RejectedError: The others could not be grouped.
    """
    spent = trial.customers[f"monetary_{WINDOW}"]
    others = spent.rank("ordinal") <= (1 - TOP_SPENDERS) * len(spent)
    customers = trial.customers.filter(others)
    return trial.agreement(trial.refit(customers).labels(customers), others)


class OverTime(NamedTuple):
    """What the groups of a month earlier say: agreement on common customers, future revenue."""

    agreement: float
    eta_squared: float | None


def over_time(trial: Perturbed, past: Past) -> OverTime:
    """Return whether a month-old fit places today's customers alike, and foresaw their spending.

    Raises:
        RejectedError: The customers of that month could not be grouped.
    """
    old = trial.refit(past.sample)
    common = trial.customers["user_id"].is_in(past.everybody.implode())
    agreement = trial.agreement(old.labels(trial.customers.filter(common)), common)
    if past.revenue is None:
        return OverTime(agreement, None)
    return OverTime(agreement, foreseen(past.sample, old.labels(past.sample), past.revenue))


def foreseen(customers: pl.DataFrame, labels: Labels, revenue: pl.DataFrame) -> float:
    """Return the share of the later revenue's variance that lies between groups (eta squared)."""
    spent = customers.select("user_id").join(
        revenue, on="user_id", how="left", maintain_order="left"
    )
    return eta_squared(spent["revenue"].fill_null(0).to_numpy(), labels)
