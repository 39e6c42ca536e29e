"""How likely customers stay away who have been away for some days since their last visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amazing_assets.next_actions.histories import DAY
from amazing_assets.next_actions.vocabulary import END_SESSION, INACTIVE, INACTIVE_DAYS

if TYPE_CHECKING:
    from amazing_assets.models.arrays import Labels, Matrix
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.scores import Predictor, Probabilities

# Kinds of customers, by how likely they are to stay away; each of at least so many returns.
_KINDS, _FEWEST = 8, 200

# Places by which returns are learnt.
_LEARNT_FROM = 50_000

# Never quite impossible: who has been away for 28 days is away.
_LEAST = 1e-9


@dataclass(frozen=True)
class Returns:
    """After how many days those come back who do.

    Who comes often comes soon: the same three weeks say more of one than of another.

    Attributes:
        borders: Between kinds of customers, by the probability to stay away.
        still_away: Of each kind the share of those who come back within 28 days that is still away
            after 0, 1, ... 28 days.
    """

    borders: Matrix
    still_away: Matrix

    def waited(self, told: Probabilities, days: Matrix) -> Probabilities:
        """Return what is told of customers who have been away for some days.

        By Bayes: whoever was likely to be back by now and is not, is less likely to come at all.
        What customers do once they come back is taken not to depend on how long they were away.

        Args:
            told: What was told at the end of the last visit.
            days: Since then; 0 of who is still there.
        """
        gone = np.maximum(told[:, INACTIVE].astype(np.float64), _LEAST)
        away = self._still_away(gone, np.clip(days, 0, INACTIVE_DAYS))
        by_now = gone / (gone + (1 - gone) * away)
        found = told.astype(np.float64)
        found[:, INACTIVE] = 0
        others = found.sum(axis=1)
        found *= ((1 - by_now) / np.maximum(others, _LEAST))[:, None]
        found[:, INACTIVE] = np.where(others > 0, by_now, 1.0)
        kept = np.where((days > 0)[:, None], found, told)
        return np.asarray(kept / kept.sum(axis=1, keepdims=True), dtype=np.float32)

    def _still_away(self, gone: Matrix, days: Matrix) -> Matrix:
        kind = np.searchsorted(self.borders, gone, side="right")
        whole = np.minimum(days.astype(np.int64), INACTIVE_DAYS - 1)
        before, after = self.still_away[kind, whole], self.still_away[kind, whole + 1]
        return np.asarray(before + (days - whole) * (after - before), dtype=np.float64)


def learn_returns(model: Predictor, found: Histories, places: Labels) -> Returns:
    """Return after how many days customers come back, by how likely the model calls it.

    Args:
        model: What tells how likely customers stay away.
        found: Histories.
        places: With known answers; of those, visits that ended and were followed are learnt from.
    """
    ends = places[found.tokens[places] == END_SESSION]
    back = ends[found.targets[ends] != INACTIVE]
    back = back[:: max(1, len(back) // _LEARNT_FROM)]
    if not len(back):
        # Nobody is known to have come back: as if on any day alike.
        return Returns(np.array([]), 1 - np.arange(INACTIVE_DAYS + 1)[None] / INACTIVE_DAYS)
    gone = model.probabilities(found, back)[:, INACTIVE].astype(np.float64)
    days = (found.at[back + 1] - found.at[back]) / DAY
    kinds = max(1, min(_KINDS, len(back) // _FEWEST))
    borders = np.unique(np.quantile(gone, np.arange(1, kinds) / kinds))
    # Of a model that tells few numbers the lowest may be a border, with nobody below.
    borders = borders[borders > gone.min()]
    kind = np.searchsorted(borders, gone, side="right")
    later = days[:, None] > np.arange(INACTIVE_DAYS + 1)
    return Returns(
        borders, np.stack([later[kind == n].mean(axis=0) for n in range(kind.max() + 1)])
    )
