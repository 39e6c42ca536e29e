"""Probes for what cannot have been known at the reference date; run in every training."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amazing_assets.churn.risk.recipes import Rows, fit
from amazing_assets.errors import PlainError
from amazing_assets.models.probabilities import Ranked, Told, roc_auc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amazing_assets.churn.risk.model import ChurnModel
    from amazing_assets.churn.risk.recipes import Recipe
    from amazing_assets.models.arrays import Matrix

# No habit tells so much; what does was made of the outcome.
MOST_OF_ONE_FEATURE = 0.95

# Of shops of which anything was published the best models of who leaves tell .74 to .79: who tells
# more has more likely been told of the future than found what nobody found.
REVIEWED_ABOVE = 0.85

# How far from a toss-up a model of shuffled outcomes may be, and beyond that only by chance.
SHUFFLED = 0.02
_BY_CHANCE = 3.0

PLANTED = "planted from the future"


class LeakageError(PlainError):
    """A model was given what cannot be known at the reference date."""


class Probes(NamedTuple):
    """What the probes found.

    Attributes:
        strongest: The feature that alone tells most, and how much (ROC AUC).
        shuffled: ROC AUC of a model fitted on shuffled outcomes, on customers it did not see.
        bound: How far from .5 that may be.
    """

    strongest: tuple[str, float]
    shuffled: float
    bound: float


def probe(rows: Rows, columns: Sequence[str], recipe: Recipe, seed: int) -> Probes:
    """Probe what a model is to be fitted on.

    Raises:
        LeakageError: A feature tells the outcome, or shuffled outcomes can be foretold.
    """
    require_sharp_probe(rows)
    told = alone(rows, columns)
    require_no_oracle(told)
    strongest = max(told, key=lambda name: told[name], default="none")
    shuffled, bound = shuffled_auc(rows, recipe, seed)
    if abs(shuffled - 0.5) > bound:
        # By chance once in four hundred weeks; what leaks does it again.
        shuffled, bound = shuffled_auc(rows, recipe, seed + 1)
    if abs(shuffled - 0.5) > bound:
        raise LeakageError(
            f"A model of shuffled outcomes tells {shuffled:.3f} of what it never saw, where "
            f".5 +- {bound:.3f} is chance; customers of the fit and of the test are not apart."
        )
    return Probes((strongest, told.get(strongest, 0.5)), shuffled, bound)


def alone(rows: Rows, columns: Sequence[str]) -> dict[str, float]:
    """Return how well each feature alone tells the outcome: ROC AUC, in whichever direction."""
    return {name: _auc(rows.features[:, n], rows.happened) for n, name in enumerate(columns)}


def require_no_oracle(told: Mapping[str, float]) -> None:
    """Refuse features of which one alone tells the outcome.

    Args:
        told: Of `alone`.

    Raises:
        LeakageError: Names it.
    """
    found = [name for name in told if told[name] > MOST_OF_ONE_FEATURE]
    if found:
        raise LeakageError(
            f"{found[0]} alone tells {told[found[0]]:.3f} of the outcome, more than "
            f"{MOST_OF_ONE_FEATURE}: it knows what happened after the reference date; leave it out."
        )


def require_sharp_probe(rows: Rows) -> None:
    """Plant a feature from the future and see it found: a probe that misses it proves nothing.

    Raises:
        LeakageError: It was missed.
    """
    noise = np.random.default_rng(0).normal(0, 0.25, len(rows.happened))
    planted = rows._replace(features=(rows.happened + noise)[:, None])
    try:
        require_no_oracle(alone(planted, [PLANTED]))
    except LeakageError:
        return
    raise LeakageError("The probe for leakage missed a feature that was planted; report this.")


def to_review(model: ChurnModel, probes: Probes) -> str | None:
    """Return why a person should look for leakage, though no probe found any; None: no need.

    Args:
        model: That was judged; a baseline reads nothing that could know the future.
        probes: What they found.
    """
    found = model.evaluation.filter(model=model.name, figure="roc_auc")
    if model.is_fallback or found.is_empty() or not found["low"][0] > REVIEWED_ABOVE:
        return None
    name, alone = probes.strongest
    return (
        f"AUC {found['value'][0]:.3f} on the weeks that judged, above {REVIEWED_ABOVE} beyond "
        f"chance, as no shop is known to reach; see whether a feature knows the future before the "
        f"list is used, {name} first, which alone tells {alone:.3f}"
    )


def shuffled_auc(rows: Rows, recipe: Recipe, seed: int) -> tuple[float, float]:
    """Return the ROC AUC of a model of shuffled outcomes on other customers, and its bound."""
    random = np.random.default_rng(seed)
    shuffled = rows._replace(happened=random.permutation(rows.happened))
    customers = np.unique(rows.owners)
    is_tested = np.isin(rows.owners, random.choice(customers, len(customers) // 2, replace=False))
    scores = fit(recipe, shuffled.at(~is_tested), seed)(rows.features[is_tested])
    happened = shuffled.happened[is_tested]
    did, did_not = happened.sum(), (1 - happened).sum()
    # Of the AUC of a toss-up, by Hanley and McNeil.
    error = np.sqrt((did + did_not + 1) / (12 * max(did * did_not, 1)))
    return _signed(scores, happened), max(SHUFFLED, _BY_CHANCE * float(error))


def _auc(feature: Matrix, happened: Matrix) -> float:
    # Unknown is a value of its own: before all others.
    known = np.where(np.isnan(feature), -np.inf, feature)
    found = _signed(known, happened)
    return 0.5 if np.isnan(found) else max(found, 1 - found)


def _signed(scores: Matrix, happened: Matrix) -> float:
    ranked = Ranked.of(Told(scores, happened, np.arange(len(scores))))
    return roc_auc(*ranked.counts(np.ones(len(scores))))
