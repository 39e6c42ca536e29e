"""Which features make the segments what they are, and which were not worth keeping."""

import numpy as np
import polars as pl
from sklearn.decomposition import PCA

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.tables import unversioned
from amazing_assets.segments.behaviour.columns import FEATURES
from amazing_assets.segments.behaviour.preprocessing import VARIANCE_KEPT, BehaviourRepresentation
from amazing_assets.segments.behaviour.representations import Representations
from amazing_assets.segments.clustering.family import Clustering, RejectedError
from amazing_assets.segments.search.contract import SegmentFeatures
from amazing_assets.segments.search.perturbations import Perturbed


def feature_table(
    trial: Perturbed, scaled: BehaviourRepresentation, seen: Representations, clustering: Clustering
) -> pl.DataFrame:
    """Return the `SegmentFeatures` of a candidate, the most telling feature first.

    Args:
        trial: The candidate.
        scaled: How the model sees customers.
        seen: How the candidate saw those on whom it was tried.
        clustering: The groups that it found among them.
    """
    moved, agreements = moved_by_shuffling(trial, seen, clustering), agreements_without(trial, seen)
    rows = [
        (
            name,
            name not in scaled.dropped,
            *scaled.dropped.get(name, (None, None, None)),
            scaled.gaps.get(name, 0.0),
            moved.get(name),
            agreements.get(name),
        )
        for name in FEATURES
    ]
    table = pl.DataFrame(rows, schema=unversioned(SegmentFeatures), orient="row")
    return table.sort("moved_by_shuffling", descending=True, nulls_last=True, maintain_order=True)


def moved_by_shuffling(
    trial: Perturbed, seen: Representations, clustering: Clustering
) -> dict[str, float]:
    """Return, per feature, the share of customers who change segment when it is shuffled.

    The model is the candidate's; the feature is exchanged between customers as it enters the last
    steps, so that two features made of one column are told apart.
    """
    matrix = seen.matrices["scaled"]
    shown = components(matrix) if trial.family.representation == "pca95" else None
    rng = np.random.default_rng(trial.seed)
    moved = {}
    for column, name in enumerate(seen.scaled.kept):
        shuffled = matrix.copy()
        shuffled[:, column] = rng.permutation(matrix[:, column])
        space = shown.transform(shuffled) if shown else shuffled
        moved[name] = float((clustering.assign(space).labels != trial.labels).mean())
    return moved


def agreements_without(trial: Perturbed, seen: Representations) -> dict[str, float | None]:
    """Return, per feature, the agreement of segments found without it; None if none are found."""
    matrix = seen.matrices["scaled"]
    return {
        name: agreement_on(trial, np.delete(matrix, column, axis=1))
        for column, name in enumerate(seen.scaled.kept)
    }


def agreement_on(trial: Perturbed, matrix: Matrix) -> float | None:
    """Return the agreement of segments found in another matrix of the same customers."""
    if not matrix.shape[1]:
        return None
    space = (
        components(matrix).transform(matrix) if trial.family.representation == "pca95" else matrix
    )
    try:
        fit = trial.family.fit(space, trial.k, trial.seed, trial.restarts)
    except RejectedError:
        return None
    labels: Labels = fit.clustering.assign(space).labels
    return trial.agreement(labels)


def components(matrix: Matrix) -> PCA:
    """Return the components that a representation on components would use."""
    return PCA(VARIANCE_KEPT, svd_solver="full").fit(matrix)
