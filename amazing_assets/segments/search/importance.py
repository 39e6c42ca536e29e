"""Which features make the segments what they are, and which were not worth keeping."""

import numpy as np
import polars as pl
from sklearn.decomposition import PCA

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.tables import unversioned
from amazing_assets.segments.behaviour.columns import FEATURES
from amazing_assets.segments.behaviour.preprocessing import VARIANCE_KEPT, BehaviourView
from amazing_assets.segments.clustering.family import RejectedError
from amazing_assets.segments.search.contract import SegmentFeatures
from amazing_assets.segments.search.perturbations import Trial


def feature_table(trial: Trial, scaled: BehaviourView) -> pl.DataFrame:
    """Return the `SegmentFeatures` of a candidate, the most telling feature first."""
    moved, agreements = moved_by_shuffling(trial), agreements_without(trial)
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


def moved_by_shuffling(trial: Trial) -> dict[str, float]:
    """Return, per feature, the share of customers who change segment when it is shuffled.

    The model is the candidate's; the feature is exchanged between customers as it enters the last
    steps, so that two features made of one column are told apart.
    """
    scaled, placed = BehaviourView.fit(trial.customers), trial.refit(trial.customers)
    matrix = scaled.matrix(trial.customers)
    seen = components(matrix) if trial.family.view == "pca95" else None
    rng = np.random.default_rng(trial.seed)
    moved = {}
    for column, name in enumerate(scaled.kept):
        shuffled = matrix.copy()
        shuffled[:, column] = rng.permutation(matrix[:, column])
        space = seen.transform(shuffled) if seen else shuffled
        moved[name] = float((placed.partition.assign(space).labels != trial.labels).mean())
    return moved


def agreements_without(trial: Trial) -> dict[str, float | None]:
    """Return, per feature, the agreement of segments found without it; None if none are found."""
    scaled = BehaviourView.fit(trial.customers)
    matrix = scaled.matrix(trial.customers)
    return {
        name: agreement_on(trial, np.delete(matrix, column, axis=1))
        for column, name in enumerate(scaled.kept)
    }


def agreement_on(trial: Trial, matrix: Matrix) -> float | None:
    """Return the agreement of segments found in another matrix of the same customers."""
    if not matrix.shape[1]:
        return None
    space = components(matrix).transform(matrix) if trial.family.view == "pca95" else matrix
    try:
        fit = trial.family.fit(space, trial.k, trial.seed, trial.restarts)
    except RejectedError:
        return None
    labels: Labels = fit.partition.assign(space).labels
    return trial.agreement(labels)


def components(matrix: Matrix) -> PCA:
    """Return the components that a view on components would use."""
    return PCA(VARIANCE_KEPT, svd_solver="full").fit(matrix)
