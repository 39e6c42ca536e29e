"""What is known of a candidate: what was seen at once, and what somebody paid for."""

from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.segments.clustering.family import Clustering, Family
from amazing_assets.segments.search.beyond import BeyondChance
from amazing_assets.segments.search.perturbations import Jaccards
from amazing_assets.segments.search.stability import Stability

# The share of the customers that the smallest leaf holds.
LEAST_LEAF = 0.005

# A tree that fits on one page: two questions more than a person remembers.
LEAVES = 14


@dataclass(frozen=True)
class Screening:
    """What one fit and some halvings tell of a candidate.

    Attributes:
        clustering: The groups.
        min_share: Share of the smallest segment.
        users: Eligible customers that the smallest segment would hold.
        noise: Share of the customers that the family called noise.
        fidelity: Share of held-out customers whom a tree of 14 leaves places alike.
        stability: Gates G2 and `structure`; None: a half could not be fitted.
    """

    clustering: Clustering
    min_share: float
    users: int
    noise: float
    fidelity: float
    stability: Stability | None


@dataclass(frozen=True)
class Measurement:
    """What the costly trials tell of a finalist.

    Attributes:
        jaccards: Gate G3.
        under_attack: Gate G5, adjusted Rand index.
        across_seeds: Gate G6, adjusted Rand index.
        without_spenders: Gate `spenders`, adjusted Rand index.
        in_time: Gate G4, adjusted Rand index; None: there was no month before.
        eta_squared: Share of the variance of the next 28 days' revenue between segments; None:
            nobody counted it.
    """

    jaccards: Jaccards
    under_attack: float
    across_seeds: float
    without_spenders: float
    in_time: float | None = None
    eta_squared: float | None = None


@dataclass(frozen=True)
class Evaluation:
    """A candidate and its figures, all measured on the same customers.

    Attributes:
        screening: What was seen at once; None: it was rejected.
        measurement: What was seen in full; None: it was no finalist, or was rejected.
        silhouette: Mean silhouette in the space shared by all candidates; None: rejected.
        score: What passing candidates are ranked by; None: it failed a cheap gate.
        beyond: What it shows beyond chance; None: it was no finalist, or nobody dealt null worlds.
        notes: Warnings met, or why it was rejected.
    """

    family: Family
    k: int
    screening: Screening | None = None
    measurement: Measurement | None = None
    silhouette: float | None = None
    score: float | None = None
    score_error: float = 0.0
    beyond: BeyondChance | None = None
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, int]:
        """Way of grouping and number of groups: no two candidates share both."""
        return self.family.name, self.k

    @property
    def stability(self) -> Stability | None:
        """What halvings tell; None if it, or a half, could not be fitted."""
        return self.screening.stability if self.screening else None

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
