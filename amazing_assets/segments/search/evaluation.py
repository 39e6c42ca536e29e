"""What is known of a candidate: figures that are None until somebody pays for them."""

from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.segments.clustering.family import Family, Partition
from amazing_assets.segments.search.perturbations import Jaccards
from amazing_assets.segments.search.stability import Stability

# The share of the customers that the smallest leaf holds.
LEAST_LEAF = 0.005

# A tree that fits on one page: two questions more than a person remembers.
LEAVES = 14


@dataclass(frozen=True)
class Evaluation:
    """A candidate and its figures, all measured on the same customers.

    Attributes:
        users: Eligible customers that the smallest segment would hold.
        noise: Share of the customers that the family called noise.
        silhouette: Mean silhouette in the space shared by all candidates.
        fidelity: Share of held-out customers whom a tree of 14 leaves places alike.
        stability: None if the candidate was rejected before it could be halved.
        jaccards: Gate G3.
        in_time: Gate G4, adjusted Rand index.
        under_attack: Gate G5, adjusted Rand index.
        across_seeds: Gate G6, adjusted Rand index.
        without_spenders: Gate `spenders`, adjusted Rand index.
        eta_squared: Share of the variance of the next 28 days' revenue between segments.
        score: What passing candidates are ranked by.
        partition: None if the candidate was rejected.
        notes: Warnings met, or why it was rejected.
    """

    family: Family
    k: int
    min_share: float = 0.0
    users: int = 0
    noise: float = 0.0
    silhouette: float | None = None
    fidelity: float | None = None
    stability: Stability | None = None
    jaccards: Jaccards | None = None
    in_time: float | None = None
    under_attack: float | None = None
    across_seeds: float | None = None
    without_spenders: float | None = None
    eta_squared: float | None = None
    score: float | None = None
    score_error: float = 0.0
    partition: Partition | None = None
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, int]:
        """Way of grouping and number of groups: no two candidates share both."""
        return self.family.name, self.k

    @property
    def strengths(self) -> tuple[float, ...]:
        """Prediction strength of each segment; empty if it was rejected."""
        return tuple(map(float, self.stability.per_segment)) if self.stability else ()


def fidelity(readable: Matrix, labels: Labels, seed: int) -> float:
    """Return the share of held-out customers whom a small tree places as the candidate does.

    Args:
        readable: The features as a person reads them, neither straightened nor scaled.
        labels: The candidate's groups.
        seed: Halves the customers.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    known, held_out = order[: len(order) // 2], order[len(order) // 2 :]
    tree = DecisionTreeClassifier(
        max_leaf_nodes=LEAVES, min_samples_leaf=LEAST_LEAF, random_state=seed
    )
    tree.fit(readable[known], labels[known])
    return float((tree.predict(readable[held_out]) == labels[held_out]).mean())
