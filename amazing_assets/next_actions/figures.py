"""Scores of single places as figures of a model, with intervals by customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amazing_assets.next_actions.vocabulary import IS_PURCHASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from amazing_assets.models.arrays import Labels, Matrix
    from amazing_assets.next_actions.scores import Scores

BINS = 15
RESAMPLES = 400
_TOP, _DISCOUNTED = 3, 5

# Customers drawn at a time: bounds the memory of the resampling.
_DRAWS = 20


class Figure(NamedTuple):
    """A figure with its 95 % interval, from resampling customers; None: not resampled."""

    value: float
    low: float | None = None
    high: float | None = None


def figures(
    found: Scores, targets: NDArray[np.int16], owners: Labels, seed: int = 0
) -> dict[str, Figure]:
    """Return what is told of a model on some places.

    Args:
        found: Of each place.
        targets: What happened.
        owners: The customer of each place, by any number.
        seed: Of the resampling.
    """
    bought = IS_PURCHASE[targets]
    each = {
        "log_loss": found.loss,
        "accuracy": found.correct,
        "top_3": (found.rank <= _TOP).astype(np.float64),
        "ndcg_5": np.where(found.rank <= _DISCOUNTED, 1 / np.log2(1 + found.rank), 0.0),
        "purchase_brier": (found.purchase - bought) ** 2,
    }
    return {
        **with_intervals(each, owners, seed),
        "macro_f1": Figure(macro_f1(found.guess, targets)),
        "ece": Figure(calibration_error(found.confidence, found.guess == targets)),
        "purchase_ece": Figure(calibration_error(found.purchase, bought)),
    }


def with_intervals(each: Mapping[str, Matrix], owners: Labels, seed: int = 0) -> dict[str, Figure]:
    """Return means over places, with intervals by drawing whole customers anew.

    A customer's places resemble each other: drawn one by one they would look like more evidence
    than they are.
    """
    _, customer = np.unique(owners, return_inverse=True)
    count = int(customer.max(initial=-1)) + 1
    if not count:
        return {}
    sums = np.stack([np.bincount(customer, values, count) for values in each.values()], axis=1)
    sizes = np.bincount(customer, minlength=count)
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES // _DRAWS):
        weights = rng.multinomial(count, np.full(count, 1 / count), size=_DRAWS)
        drawn.append(weights @ sums / (weights @ sizes)[:, None])
    low, high = np.quantile(np.concatenate(drawn), (0.025, 0.975), axis=0)
    means = sums.sum(axis=0) / sizes.sum()
    return {
        name: Figure(float(means[n]), float(low[n]), float(high[n])) for n, name in enumerate(each)
    }


def calibration_error(told: Matrix, happened: NDArray[np.bool_]) -> float:
    """Return how far probabilities are from frequencies, in 15 bins of equal width; 0 of none."""
    if not len(told):
        return 0.0
    place = np.minimum((told * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(place, told - happened, BINS)
    return float(np.abs(gaps).sum() / len(told))


def macro_f1(guess: Labels, targets: NDArray[np.int16]) -> float:
    """Return the mean F1 over the actions that happened; 0 of none."""
    happened = np.bincount(targets, minlength=len(IS_PURCHASE))
    guessed = np.bincount(guess, minlength=len(IS_PURCHASE))
    right = np.bincount(targets[guess == targets], minlength=len(IS_PURCHASE))
    f1 = 2 * right / np.maximum(happened + guessed, 1)
    return float(f1[happened > 0].mean()) if happened.any() else 0.0
