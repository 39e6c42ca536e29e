"""B5: trees that correct what follows the last action by the last five and by all done before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from amazing_assets.next_actions.scores import Probabilities, rectified
from amazing_assets.next_actions.vocabulary import ACTIONS, BEGIN

if TYPE_CHECKING:
    import lightgbm

    from amazing_assets.models.arrays import Labels, Matrix
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.periods import Split

LAST = 5

# A round is a tree for each of 58 actions: so many of so few rows take half a minute at most.
_ROUNDS, _LEARNT, _CHOSEN_BY = 30, 100_000, 20_000

# Of fewer places trees learn chance.
FEWEST_PLACES = 10_000

_SETTINGS = {
    "objective": "multiclass",
    "num_class": len(ACTIONS),
    "learning_rate": 0.15,
    "num_leaves": 15,
    "min_data_in_leaf": 100,
    "max_bin": 63,
    "cat_smooth": 50,
    "force_row_wise": True,
    "deterministic": True,
    "verbosity": -1,
    "seed": 0,
}


@dataclass(frozen=True)
class Boosted:
    """Trees on the last five actions and on all that was done before.

    Attributes:
        after: What follows the last action by counting: where the trees begin.
        trees: As LightGBM writes them.
    """

    after: Matrix
    trees: str

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return what follows the last action, corrected by the trees."""
        begun = np.log(self.after[found.tokens[places]])
        raw = begun + self._booster.predict(figures(found, places), raw_score=True)
        return rectified(np.exp(raw - raw.max(axis=1, keepdims=True)))

    @cached_property
    def _booster(self) -> lightgbm.Booster:
        import lightgbm  # noqa: PLC0415  a second

        return lightgbm.Booster(model_str=self.trees)


def fit_boosted(found: Histories, parts: Split, after: Matrix) -> Boosted:
    """Return trees fitted on places to train by, as many as the places to validate ask for.

    Args:
        found: The histories.
        parts: Their places by period.
        after: What follows each token by counting.
    """
    import lightgbm  # noqa: PLC0415  a second

    def data(places: Labels, most: int, **more: Any) -> lightgbm.Dataset:  # noqa: ANN401 - of the library
        some = places[:: max(1, -(-len(places) // most))]
        begun = np.log(after[found.tokens[some]])
        categories = list(range(LAST))
        return lightgbm.Dataset(
            figures(found, some),
            found.targets[some],
            init_score=begun,
            categorical_feature=categories,
            **more,
        )

    learnt = data(parts.train, _LEARNT)
    chosen_by = data(parts.validate, _CHOSEN_BY, reference=learnt)
    stop = lightgbm.early_stopping(3, verbose=False)
    trees = lightgbm.train(_SETTINGS, learnt, _ROUNDS, [chosen_by], callbacks=[stop])
    return Boosted(after, trees.model_to_string(num_iteration=trees.best_iteration))


def figures(found: Histories, places: Labels) -> Matrix:
    """Return what the trees read: the last actions, time and repeats, and all done before."""
    begin = found.begins[found.owners[places]]
    back = places[:, None] - np.arange(LAST)
    tokens = np.where(back >= begin[:, None], found.tokens[np.maximum(back, 0)], BEGIN)
    return np.hstack([tokens, found.numeric[places], found.context[places]]).astype(np.float64)
