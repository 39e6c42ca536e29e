"""Do the segments hold for customers whom nothing has seen, and without the extremes?

Folds are made of customers; bounds, scales, components and groups are learnt inside each fold's
train part. Figures are medians over folds, silhouettes trimmed, so that extremes decide nothing.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.stats import trim_mean
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import KFold

from amazing_assets.models.arrays import Labels
from amazing_assets.models.tables import unversioned
from amazing_assets.segments.behaviour.preprocessing import BehaviourRepresentation
from amazing_assets.segments.search.beyond import BeyondChance, Surplus
from amazing_assets.segments.search.contract import AGREEMENT, EXPLAINED, GAIN, SegmentValidation
from amazing_assets.segments.search.likelihood import likelihood_gain, within_whitening
from amazing_assets.segments.search.perturbations import Perturbed, without_spenders
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets.segments.search.silhouettes import silhouettes

TRIMMED = 0.10

# Measure, fold, segment, value, what it had to reach, what chance makes, how likely it reaches it.
Row = tuple[str, int | None, int | None, float, float | None, float | None, float | None]


class Fold(NamedTuple):
    """What one fold says of the customers held out.

    Attributes:
        agreement: Adjusted Rand index with the segments fitted on everybody.
        silhouette: Trimmed mean, in the space in which the fold's own groups are round.
        likelihood_gain: Beyond one single cloud, nats per customer.
        min_share: Share of the smallest segment.
    """

    agreement: float
    silhouette: float
    likelihood_gain: float
    min_share: float


def validation_table(trial: Perturbed, settings: SegmentSettings) -> pl.DataFrame:
    """Return the `SegmentValidation` of a candidate.

    Raises:
        RejectedError: The customers of a fold could not be grouped.
    """
    folds = cross_validate(trial, settings.folds)
    medians = Fold(*np.median(np.array(folds), axis=0))
    effects = {
        "agreement without winsorising": (without_winsorising(trial), None),
        "agreement without the top 1 % spenders": (
            without_spenders(trial),
            settings.min_agreement,
        ),
    }
    rows = [
        *(row for number, fold in enumerate(folds) for row in measured(fold, number + 1)),
        *measured(medians, None),
        *((name, None, None, *effect, None, None) for name, effect in effects.items()),
    ]
    return pl.DataFrame(rows, schema=unversioned(SegmentValidation), orient="row")


def chance_table(
    beyond: BeyondChance | None, order: Labels, settings: SegmentSettings
) -> pl.DataFrame:
    """Return the rows of `SegmentValidation` about chance; none where it was not measured.

    Args:
        beyond: Of the chosen candidate.
        order: Which of its groups is the first, the second and so on of those published.
        settings: Hold what must be reached.
    """
    rows: list[Row] = []
    if beyond is not None:
        groups = [beyond.groups[group] for group in order]
        agreements = [(None, beyond.agreement), *enumerate(groups, start=1)]
        rows = [
            *(agreement(segment, seen, settings) for segment, seen in agreements),
            beside_chance(EXPLAINED, beyond.explained, settings.min_explained_beyond),
            beside_chance(GAIN, beyond.gain, 0.0),
        ]
    return pl.DataFrame(rows, schema=unversioned(SegmentValidation), orient="row")


def agreement(segment: int | None, seen: Surplus, settings: SegmentSettings) -> Row:
    """Return what odd and even visits say alike of a segment, or of all, as a row."""
    required = settings.min_agreement_beyond * (1 - seen.by_chance)
    return beside_chance(AGREEMENT, seen, required, segment)


def beside_chance(name: str, seen: Surplus, required: float, segment: int | None = None) -> Row:
    """Return a figure beside that of null worlds as a row."""
    least = seen.by_chance + required
    return (name, None, segment, seen.real, least, seen.by_chance, seen.error_rate)


def measured(fold: Fold, number: int | None) -> list[Row]:
    """Return the figures of a fold, or the medians of all, as rows."""
    return [
        (name.replace("_", " "), number, None, float(value), None, None, None)
        for name, value in fold._asdict().items()
    ]


def cross_validate(trial: Perturbed, folds: int) -> list[Fold]:
    """Return what each fold, learnt without the customers it is judged on, says of them."""
    splits = KFold(folds, shuffle=True, random_state=trial.seed).split(trial.labels)
    return [
        judged(trial, trial.customers[known], trial.customers[held_out], trial.labels[held_out])
        for known, held_out in splits
    ]


def judged(trial: Perturbed, known: pl.DataFrame, held_out: pl.DataFrame, labels: Labels) -> Fold:
    """Return what groups learnt from known customers say of those held out."""
    placed = trial.refit(known)
    representation = BehaviourRepresentation.fit(known, without=trial.without)
    seen, unseen = representation.matrix(known), representation.matrix(held_out)
    inside, found = placed.labels(known), placed.labels(held_out)
    (apart,) = silhouettes(unseen @ within_whitening(seen, inside), [found])
    return Fold(
        float(adjusted_rand_score(labels, found)),
        float(trim_mean(apart, TRIMMED)),
        likelihood_gain(seen, inside, unseen),
        float(np.bincount(found, minlength=trial.k).min() / len(found)),
    )


def without_winsorising(trial: Perturbed) -> float:
    """Return the agreement when extremes are not clipped: told, not required.

    Clipping is there because bots exist; where it changes nothing, there were none.
    """
    representation = trial.learn(trial.customers, clipped=False)
    matrix = representation.matrix(trial.customers)
    fit = trial.family.fit(matrix, trial.k, trial.seed, trial.restarts)
    return trial.agreement(fit.clustering.assign(matrix).labels)
