"""What a network has to beat: counting, from the simplest to trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amazing_assets.next_actions.boosted import FEWEST_PLACES, Boosted, fit_boosted
from amazing_assets.next_actions.scores import Probabilities, rectified, scores
from amazing_assets.next_actions.vocabulary import (
    ACTIONS,
    CATEGORIES,
    CATEGORY_OF,
    END_SESSION,
    TOKENS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.models.arrays import Labels, Matrix
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.periods import Split

# Added to every count, so that nothing is impossible.
_SMOOTHING = 0.02

# How many cases of two actions weigh as much as all cases of the last one.
_STRENGTHS = (5.0, 20.0, 80.0, 320.0)

# How much a customer's own mix of categories counts: not at all up to fully.
_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Majority:
    """B0: what everybody does most, whatever came before."""

    shares: Matrix

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:  # noqa: ARG002  of the protocol
        """Return the same for each place."""
        return np.tile(self.shares.astype(np.float32), (len(places), 1))


@dataclass(frozen=True)
class Repeat:
    """B1: the same again, as often as that happens; the rest as of everybody."""

    shares: Matrix
    stays: float

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return the last action with its share, and the others with what is left."""
        told = np.tile((1 - self.stays) * self.shares, (len(places), 1))
        last = found.tokens[places]
        known = last < len(ACTIONS)
        told[known, last[known]] += self.stays
        return rectified(told)


@dataclass(frozen=True)
class Markov:
    """B2: what follows the last action."""

    after: Matrix

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return what followed the same action elsewhere."""
        return self.after[found.tokens[places]].astype(np.float32)


@dataclass(frozen=True)
class SecondOrder:
    """B3: what follows the last two actions, as far as they were seen often, else the last one."""

    after: Matrix

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return what followed the same two actions elsewhere."""
        return self.after[found.tokens[places - 1], found.tokens[places]].astype(np.float32)


@dataclass(frozen=True)
class Tasted:
    """B4: what follows the last action, shifted to the categories that the customer likes."""

    after: Matrix
    mix: Matrix
    weight: float

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return the last action's followers, each times how much more the customer likes it."""
        own = found.context[places, : len(CATEGORIES)].astype(np.float64)
        events = np.expm1(found.context[places, -2].astype(np.float64))[:, None]
        # A few events tell little: everybody's mix counts like ten of them.
        taste = (own * events + 10 * self.mix) / (events + 10)
        factor = np.ones((len(places), len(ACTIONS)))
        likes = (taste / self.mix) ** self.weight
        factor[:, :END_SESSION] = likes[:, CATEGORY_OF[:END_SESSION]]
        told = self.after[found.tokens[places]]
        shifted = told * factor
        # Whether a visit goes on is not a matter of taste.
        kept = told[:, :END_SESSION].sum(axis=1) / shifted[:, :END_SESSION].sum(axis=1)
        shifted[:, :END_SESSION] *= kept[:, None]
        return rectified(shifted)


Baseline = Majority | Repeat | Markov | SecondOrder | Tasted | Boosted
BASELINES: tuple[type, ...] = (Majority, Repeat, Markov, SecondOrder, Tasted, Boosted)

# By the names under which they are told.
MAJORITY, REPEAT, MARKOV_1, MARKOV_2, TASTES, TREES = (
    "majority",
    "repeat",
    "markov_1",
    "markov_2",
    "markov_1_tastes",
    "boosted_trees",
)


def fit_baselines(found: Histories, parts: Split) -> dict[str, Baseline]:
    """Return the baselines, fitted on the places to train by and chosen by those to validate.

    From the simplest on; of few places no trees are grown.
    """
    targets = found.targets[parts.train].astype(np.int64)
    last, before = (found.tokens[parts.train - back].astype(np.int64) for back in (0, 1))
    shares = _smoothed(np.bincount(targets, minlength=len(ACTIONS)).astype(np.float64))
    first = _smoothed(_counts(last, targets, TOKENS), shares)
    second = _counts(before * TOKENS + last, targets, TOKENS**2)
    mix = _smoothed(_events_of(found, parts.train) + 1.0)
    stays = float((targets == last).mean()) if len(targets) else 0.0
    enough = len(parts.train) >= FEWEST_PLACES and len(parts.validate) > 0
    return {
        MAJORITY: Majority(shares),
        REPEAT: Repeat(shares, stays),
        MARKOV_1: Markov(first),
        MARKOV_2: _best(
            lambda strength: SecondOrder(_backed_off(second, first, strength)),
            _STRENGTHS,
            (found, parts.validate),
        ),
        TASTES: _best(lambda weight: Tasted(first, mix, weight), _WEIGHTS, (found, parts.validate)),
        **({TREES: fit_boosted(found, parts, first)} if enough else {}),
    }


def _best(
    make: Callable[[float], Baseline], values: tuple[float, ...], judged: tuple[Histories, Labels]
) -> Baseline:
    found, places = judged
    some = places[:: max(1, len(places) // 20_000)]

    def loss(model: Baseline) -> float:
        told = scores(model.probabilities(found, some), found.targets[some])
        return float(told.loss.mean()) if len(some) else 0.0

    return min(map(make, values), key=loss)


def _counts(keys: Labels, targets: Labels, rows: int) -> Matrix:
    cells = keys * len(ACTIONS) + targets
    return np.bincount(cells, minlength=rows * len(ACTIONS)).reshape(rows, -1).astype(np.float64)


def _smoothed(counts: Matrix, prior: Matrix | None = None) -> Matrix:
    """Counts as shares; a row that was never seen is the prior."""
    own = counts + _SMOOTHING * (1.0 if prior is None else prior * len(ACTIONS))
    return np.asarray(own / own.sum(axis=-1, keepdims=True), dtype=np.float64)


def _backed_off(second: Matrix, first: Matrix, strength: float) -> Matrix:
    counts = second.reshape(TOKENS, TOKENS, -1)
    total = counts.sum(axis=2, keepdims=True)
    return np.asarray((counts + strength * first[None]) / (total + strength), dtype=np.float64)


def _events_of(found: Histories, places: Labels) -> Matrix:
    tokens = found.tokens[places]
    events = tokens[tokens < END_SESSION]
    return np.bincount(CATEGORY_OF[events], minlength=len(CATEGORIES)).astype(np.float64)
