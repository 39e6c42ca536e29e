"""What a way of grouping customers is, and the two that most others are measured against.

A family turns a matrix into a `Clustering`: a few arrays that place any customer, present or
future, without looking at any other. `families` lists those that compete.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from amazing_assets.errors import PlainError
from amazing_assets.models.arrays import Labels, Matrix


class RejectedError(PlainError):
    """A candidate that cannot be fitted on these customers; the message says why."""


class Memberships(NamedTuple):
    """Where customers belong (0 to k-1), and how clearly (0 a toss-up, 1 beyond doubt)."""

    labels: Labels
    margins: Matrix


class Clustering(Protocol):
    """Fitted groups: places each row of a matrix by itself."""

    def assign(self, matrix: Matrix) -> Memberships:
        """Return the group of every row and its margin."""
        ...


class Fit(NamedTuple):
    """A fitted clustering and the warnings met on the way.

    Attributes:
        noise: Share of the customers that the family itself called noise.
    """

    clustering: Clustering
    warnings: tuple[str, ...] = ()
    noise: float = 0.0


def messages(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """Return the text of each warning."""
    return tuple(str(warning.message) for warning in caught)


@dataclass(frozen=True)
class Family:
    """A way of grouping.

    Attributes:
        name: What the candidate is called.
        representation: How the customers are seen: `scaled`, `pca95` or `rfm`.
        fit_matrix: From matrix, k, seed and restarts to the groups.
        may_be_empty: Rules may describe customers who do not exist; a cluster may not.
        finds_k: It decides itself how many groups there are; asked for another number it refuses.
    """

    name: str
    representation: str
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
        filled = np.unique(fitted.clustering.assign(matrix).labels).size
        if filled < k and not self.may_be_empty:
            raise RejectedError(f"{self.name} with k={k} left {k - filled} groups empty.")
        return fitted
