"""The next-action model: everything needed to answer for a customer, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.next_actions.exported import ExportedNetwork
from amazing_assets.next_actions.histories import DAY
from amazing_assets.next_actions.scores import Probabilities, tempered
from amazing_assets.next_actions.vocabulary import (
    ACTIONS,
    END_SESSION,
    VOCABULARY,
)
from amazing_assets.next_actions.windows import LENGTH

if TYPE_CHECKING:
    from amazing_assets.models.arrays import Labels
    from amazing_assets.models.provenance import Provenance
    from amazing_assets.next_actions.baselines import Baseline, Markov
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.returns import Returns

# Of fewer actions a network knows nothing that counting does not.
LEAST_CONTEXT = 3


@dataclass(frozen=True)
class NextActionModel:
    """What answers. Frozen: customers of new weeks are answered by it, never learnt by it.

    Attributes:
        name: Of the network or the baseline, such as `lstm_context` or `markov_2`.
        predictor: It.
        prior: Answers for customers of whom too little is known.
        returns: After how many days customers come back.
        temperature: By which the answers are made as sure as they may be.
        alert: Why a baseline is served; None: a network is.
        evaluation: `evaluation.Evaluation` of every model that was tried.
        curve: Loss of the network's training by epoch; empty for a baseline.
        provenance: On whom it was fitted.
        vocabulary: Hash of the actions in whose order it answers.
    """

    name: str
    predictor: ExportedNetwork | Baseline
    prior: Markov
    returns: Returns
    temperature: float
    alert: str | None
    evaluation: pl.DataFrame
    curve: pl.DataFrame
    provenance: Provenance
    vocabulary: str = VOCABULARY

    @property
    def is_network(self) -> bool:
        """Whether a network answers."""
        return isinstance(self.predictor, ExportedNetwork)

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return the probability of each action to follow each place, as sure as they may be."""
        return tempered(self.predictor.probabilities(found, places), self.temperature)

    def answer(self, found: Histories, until: int) -> pl.DataFrame:
        """Return what each customer will do next, a row each.

        Args:
            found: What they have done.
            until: The moment at which is asked, seconds since 1970.

        Returns:
            `NextActionVectors` without the version.
        """
        context = np.minimum(np.diff(found.begins) - 1, LENGTH).astype(np.int32)
        is_cold = context < LEAST_CONTEXT
        told = tempered(self._of_last(found), self.temperature)
        told[is_cold] = self.prior.probabilities(found, found.last[is_cold])
        away = np.where(found.tokens[found.last] == END_SESSION, until - found.at[found.last], 0)
        told = self.returns.waited(told, away / DAY)
        return pl.DataFrame(
            {
                "user_id": found.customers,
                **{name: told[:, place] for place, name in enumerate(ACTIONS)},
                "n_context": context,
                "cold_start": is_cold,
            }
        )

    def _of_last(self, found: Histories) -> Probabilities:
        if isinstance(self.predictor, ExportedNetwork):
            return self.predictor.of_last(found)
        return self.predictor.probabilities(found, found.last)
