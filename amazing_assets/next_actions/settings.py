"""What a network is made of and how it is trained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.models.arrays import Matrix
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.periods import Split


class Lesson(NamedTuple):
    """What a network learns from.

    Attributes:
        found: Histories.
        parts: Their places by period.
        counted: What follows each token by counting: the network learns what has to be corrected.
    """

    found: Histories
    parts: Split
    counted: Matrix


class NetworkSettings(NamedTuple):
    """One way of making a network.

    Attributes:
        embedding: Numbers that each action is learnt as; 0: its type and category in blocks of
            ones and zeros, nothing is learnt of them.
        context: Whether it reads what the customer did before as shares and counts.
        hidden: Size of its memory.
        dropout: Share of the memory that is hidden from it while it learns.
        learning_rate: Highest of the one cycle.
        epochs: How often it sees everything at most.
        batch: Pieces of histories at a time; fewer where an epoch would have few steps.
        patience: Epochs without progress after which training ends.
        seed: The same seed and histories make the same network.
    """

    embedding: int = 24
    context: bool = False
    hidden: int = 96
    dropout: float = 0.1
    learning_rate: float = 6e-3
    epochs: int = 6
    batch: int = 128
    patience: int = 2
    seed: int = 0


# The ablation: without and with a learnt embedding, and with what the customer did before.
VARIANTS = {
    "lstm_one_hot": NetworkSettings(embedding=0),
    "lstm_embedding": NetworkSettings(),
    "lstm_context": NetworkSettings(context=True),
}


@dataclass(frozen=True)
class TrainingSettings:
    """How much is tried.

    Attributes:
        most_actions: Customers are drawn so that there are about so many actions.
        variants: Networks, by name.
        seeds: Each network is trained with so many seeds.
        fewest_places: Of fewer actions to learn from no network is trained.
        trials: Networks that are tried in a search beside the variants; 0: nothing is searched.
    """

    most_actions: int = 5_000_000
    variants: Mapping[str, NetworkSettings] = field(default_factory=lambda: dict(VARIANTS))
    seeds: int = 1
    fewest_places: int = 10_000
    trials: int = 0
