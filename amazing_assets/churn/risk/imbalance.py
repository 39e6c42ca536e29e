"""What is done about few customers doing it; by default nothing, for probabilities stay true.

Drawing or weighting rows tells the model that it happens more often than it does. Where the odds
are changed by a known factor, scores are set right by it; what is left is for calibration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amazing_assets.models.arrays import Matrix  # noqa: TC001  a field of a dataclass

AS_IS, WEIGHTED, UNDERSAMPLED, SMOTE = "none", "class_weight", "undersample", "smote"

STRATEGIES = (AS_IS, WEIGHTED, UNDERSAMPLED, SMOTE)

# Rows alike between which one is made up.
_NEIGHBOURS = 5

# Made-up rows stop at one for two real ones of the other kind: more is only repetition.
_SMOTE_SHARE = 0.5


@dataclass(frozen=True)
class Sample:
    """The rows that a model is fitted on, and by how much its odds are then too high.

    Attributes:
        features: A row a customer.
        happened: 1 if it did, else 0.
        weights: Of the rows; None: all alike.
        odds: Factor of the odds in the sample to those among all customers.
    """

    features: Matrix
    happened: Matrix
    weights: Matrix | None = None
    odds: float = 1.0


def drawn_for(strategy: str, features: Matrix, happened: Matrix, seed: int) -> Sample:
    """Return what a strategy makes of the rows to train on, and of no others."""
    did = happened > 0
    if strategy == AS_IS or did.all() or not did.any():
        return Sample(features, happened)
    odds = float((~did).sum() / did.sum())
    if strategy == WEIGHTED:
        return Sample(features, happened, np.where(did, odds, 1.0), odds)
    random = np.random.default_rng(seed)
    if strategy == UNDERSAMPLED:
        many, few = np.flatnonzero(did == (odds < 1)), np.flatnonzero(did != (odds < 1))
        kept = np.sort(np.r_[few, random.choice(many, len(few), replace=False)])
        return Sample(features[kept], happened[kept], odds=odds)
    made = _made_up(features[did], int(_SMOTE_SHARE * (~did).sum()) - int(did.sum()), random)
    return Sample(
        np.vstack([features, made]),
        np.r_[happened, np.ones(len(made))],
        odds=1 + len(made) / int(did.sum()),
    )


def _made_up(rows: Matrix, number: int, random: np.random.Generator) -> Matrix:
    """Return rows between a row and one of its neighbours (SMOTE, Chawla et al. 2002)."""
    from sklearn.impute import SimpleImputer  # noqa: PLC0415  a second
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415  as above
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415  as above

    if number <= 0 or len(rows) <= _NEIGHBOURS:
        return rows[:0]
    known = SimpleImputer(strategy="median", keep_empty_features=True).fit_transform(rows)
    scaled = StandardScaler().fit_transform(known)
    near = NearestNeighbors(n_neighbors=_NEIGHBOURS + 1).fit(scaled)
    first = random.integers(0, len(rows), number)
    # The first neighbour of a row is the row itself.
    neighbours = near.kneighbors(scaled[first], return_distance=False)[:, 1:]
    second = neighbours[np.arange(number), random.integers(0, _NEIGHBOURS, number)]
    part = random.uniform(size=(number, 1))
    # Between an unknown value and another nothing is known either.
    return np.asarray(rows[first] + part * (rows[second] - rows[first]))
