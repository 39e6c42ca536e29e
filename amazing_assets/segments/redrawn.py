"""Are the same segments found when customers are drawn anew (Hennig 2007)?"""

import numpy as np
import polars as pl

from amazing_assets.segments.candidates import FAMILIES, Family, Matrix, RejectedError
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.population import stratified
from amazing_assets.segments.preprocessing import BehaviourView, NothingDiffersError

ROWS = 5_000
RESAMPLES = 5
RESTARTS = 3


def redrawn_jaccards(model: SegmentModel, customers: pl.DataFrame, seed: int) -> Matrix | None:
    """Return, for each segment found in the customers, how well other draws show it.

    Jaccard index with the most similar group of a bootstrap sample, mean over samples: below .60
    a segment is unstable, from .75 on stable. None if the model's way of grouping does not work on
    these customers.
    """
    family = next((each for each in FAMILIES if each.name == model.found.candidate), None)
    if family is None or customers.height < model.settings.min_eligible:
        return None
    drawn = stratified(customers.sort("user_id"), ROWS, seed)
    try:
        view = BehaviourView.fit(drawn)
        scaled = view.matrix(drawn)
        matrix = scaled if family.view == "scaled" else view.with_components(scaled).matrix(drawn)
        return jaccards(family, matrix, len(model.segments), seed)
    except (RejectedError, NothingDiffersError):
        return None


def jaccards(family: Family, matrix: Matrix, k: int, seed: int) -> Matrix:
    """Return the mean Jaccard index of each group over bootstrap samples.

    Raises:
        RejectedError: The groups cannot be fitted.
    """
    rng = np.random.default_rng(seed)
    found = np.eye(k)[family.fit(matrix, k, seed, RESTARTS).partition.assign(matrix).labels]
    samples = [matrix[rng.integers(len(matrix), size=len(matrix))] for _ in range(RESAMPLES)]
    fits = [family.fit(sample, k, seed, RESTARTS).partition for sample in samples]
    found_again = [np.eye(k)[fit.assign(matrix).labels] for fit in fits]
    return np.asarray(np.mean([most_alike(found, again) for again in found_again], axis=0))


def most_alike(found: Matrix, again: Matrix) -> Matrix:
    """Return the Jaccard index of each group found with the most similar group found again."""
    both = found.T @ again
    either = found.sum(axis=0)[:, None] + again.sum(axis=0)[None] - both
    shared = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return np.asarray(shared.max(axis=1))
