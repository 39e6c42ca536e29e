"""What is known of a fitted candidate, as one row of the selection table."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from sklearn.metrics import pairwise_distances, silhouette_score

from amazing_assets.segments.candidates import Family, Labels, Matrix, Partition
from amazing_assets.segments.stability import Stability

SELECTION_SCHEMA = pl.Schema(
    {
        "candidate": pl.String,
        "k": pl.Int64,
        "prediction_strength": pl.Float64,
        "prediction_strength_min": pl.Float64,
        "silhouette": pl.Float64,
        "likelihood_gain": pl.Float64,
        "likelihood_gain_error": pl.Float64,
        "min_share": pl.Float64,
        "passed": pl.Boolean,
        "failed_gates": pl.String,
        "chosen": pl.Boolean,
        "notes": pl.String,
    }
)


@dataclass(frozen=True)
class Evaluation:
    """A candidate and its figures, all measured on the same customers.

    Attributes:
        users: Eligible customers that the smallest segment would hold.
        stability: None if the candidate was rejected before it could be halved.
        partition: None if the candidate was rejected.
        notes: Warnings met, or why it was rejected.
    """

    family: Family
    k: int
    min_share: float = 0.0
    users: int = 0
    silhouette: float | None = None
    stability: Stability | None = None
    partition: Partition | None = None
    notes: tuple[str, ...] = ()

    @property
    def strengths(self) -> tuple[float, ...]:
        """Prediction strength of each segment; empty if it was rejected."""
        return tuple(map(float, self.stability.per_segment)) if self.stability else ()


@dataclass(frozen=True)
class Ruler:
    """The fixed sample and the one space in which every silhouette is measured."""

    sample: Labels
    distances: Matrix

    @classmethod
    def of(cls, shared: Matrix, rows: int, seed: int) -> "Ruler":
        """Return the ruler over at most so many customers: n x n distances, once for all."""
        chosen = np.random.default_rng(seed).permutation(len(shared))[:rows]
        distances = pairwise_distances(shared[chosen])
        np.fill_diagonal(distances, 0)
        return cls(chosen, distances)

    def silhouette(self, labels: Labels) -> float | None:
        """Return the mean silhouette, or None where the sample shows only one group."""
        drawn = labels[self.sample]
        if np.unique(drawn).size in (1, drawn.size):
            return None
        return float(silhouette_score(self.distances, drawn, metric="precomputed"))
