"""How well a model foretold each place: one measure for all, the simplest and the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from amazing_assets.next_actions.vocabulary import IS_PURCHASE

if TYPE_CHECKING:
    from amazing_assets.models.arrays import Labels, Matrix
    from amazing_assets.next_actions.histories import Histories

Probabilities = NDArray[np.float32]

# Places whose 58 probabilities are held at a time.
SLICE = 50_000

# An action that a model calls impossible and that happens all the same costs so much, not infinity.
_LEAST = 1e-9


class Predictor(Protocol):
    """A model of the next action."""

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return the probability of each of the 58 actions to follow each place."""
        ...


class Scores(NamedTuple):
    """What became of each place; an array each.

    Attributes:
        loss: Minus the logarithm of the probability of what happened.
        correct: 1 if the likeliest action happened; of several as likely their fair share.
        rank: Of what happened among all actions; of actions as likely the mean of their ranks.
        confidence: Probability of the likeliest action.
        guess: The likeliest action, of several the first.
        purchase: Probability that the next action was a purchase.
    """

    loss: Matrix
    correct: Matrix
    rank: Matrix
    confidence: Matrix
    guess: Labels
    purchase: Matrix


def score(model: Predictor, found: Histories, places: Labels, temperature: float = 1.0) -> Scores:
    """Return how a model foretold some places."""
    parts = [
        scores(tempered(model.probabilities(found, part), temperature), found.targets[part])
        for part in np.array_split(places, max(1, -(-len(places) // SLICE)))
    ]
    return Scores(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def scores(told: Probabilities, targets: NDArray[np.int16]) -> Scores:
    """Return what became of each row of probabilities."""
    own = told[np.arange(len(told)), targets][:, None]
    above, as_likely = (told > own).sum(axis=1), (told == own).sum(axis=1)
    return Scores(
        loss=-np.log(np.maximum(own[:, 0].astype(np.float64), _LEAST)),
        correct=np.where(above == 0, 1 / np.maximum(as_likely, 1), 0.0),
        rank=above + (as_likely + 1) / 2,
        confidence=told.max(axis=1, initial=0).astype(np.float64),
        guess=told.argmax(axis=1).astype(np.int64),
        purchase=told[:, IS_PURCHASE].sum(axis=1, dtype=np.float64),
    )


def tempered(told: Probabilities, temperature: float) -> Probabilities:
    """Return probabilities made flatter (above 1) or steeper (below 1)."""
    if temperature == 1.0:
        return told
    powers = np.maximum(told, _LEAST) ** np.float32(1 / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def best_temperature(told: Probabilities, targets: NDArray[np.int16]) -> float:
    """Return the temperature at which what happened was likeliest (Guo et al., 2017)."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415  heavy, and only where one trains

    if not len(told):
        return 1.0
    logs = np.log(np.maximum(told.astype(np.float64), _LEAST))
    own = logs[np.arange(len(logs)), targets]

    def loss(temperature: float) -> float:
        return float((np.log(np.exp(logs / temperature).sum(axis=1)) - own / temperature).mean())

    return float(minimize_scalar(loss, bounds=(0.25, 4.0), method="bounded").x)


def rectified(told: Matrix) -> Probabilities:
    """Return rows that sum to 1 of numbers that are not negative."""
    return np.asarray(told / told.sum(axis=1, keepdims=True), dtype=np.float32)
