"""Are the same segments found when customers are drawn anew (Hennig 2007)?"""

import polars as pl

from amazing_assets.segments.behaviour.population import stratified
from amazing_assets.segments.behaviour.preprocessing import NothingDiffersError
from amazing_assets.segments.behaviour.representations import REPRESENTATIONS
from amazing_assets.segments.clustering.families import FAMILIES
from amazing_assets.segments.clustering.family import RejectedError
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.perturbations import Jaccards, Perturbed, under_resampling

ROWS = 5_000
RESAMPLES = 5
RESTARTS = 3


def redrawn_jaccards(model: SegmentModel, customers: pl.DataFrame, seed: int) -> Jaccards | None:
    """Return, for each segment found in the customers, how well other draws show it.

    Below .60 a segment is unstable, from .75 on stable. None if the model's way of grouping does
    not work on these customers.
    """
    family = next((each for each in FAMILIES if each.name == model.found.candidate), None)
    if family is None or customers.height < model.settings.min_eligible:
        return None
    drawn = stratified(customers.sort("user_id"), ROWS, seed)
    k = len(model.segments)
    try:
        matrix = REPRESENTATIONS[family.representation](drawn).matrix(drawn)
        labels = family.fit(matrix, k, seed, RESTARTS).clustering.assign(matrix).labels
        trial = Perturbed(family, k, drawn, labels, seed, RESTARTS)
        return under_resampling(trial, matrix, RESAMPLES)
    except (RejectedError, NothingDiffersError):
        return None
