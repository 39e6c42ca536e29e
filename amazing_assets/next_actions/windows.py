"""Histories in pieces that a network reads: at most 48 actions, of which the last 24 are answered.

A piece depends on its customer alone, so that an answer does not depend on who else is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from amazing_assets.next_actions.vocabulary import CATEGORY_OF, PADDING, TYPE_OF

if TYPE_CHECKING:
    from amazing_assets.models.arrays import Labels
    from amazing_assets.next_actions.histories import Histories

LENGTH, ANSWERED = 48, 24

Figures = NDArray[np.float32]


@dataclass(frozen=True)
class Windows:
    """Pieces of histories; one position each.

    Attributes:
        starts: The first place of each.
        lengths: How many places each has.
    """

    starts: Labels
    lengths: Labels

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.starts)

    def some(self, rows: Labels) -> Windows:
        """Return some of the pieces."""
        return Windows(self.starts[rows], self.lengths[rows])

    def places(self) -> tuple[Labels, NDArray[np.bool_]]:
        """Return the places of each piece, a row each, and whether there is one."""
        offsets = np.arange(int(self.lengths.max(initial=1)))
        there = offsets < self.lengths[:, None]
        return np.where(there, self.starts[:, None] + offsets, 0), there


def windows(found: Histories, places: Labels) -> tuple[Windows, NDArray[np.int64]]:
    """Return the pieces in which some places are answered, and the piece of each place.

    A customer's history is cut at every 24th place; each piece begins 24 places before.
    """
    owner = found.owners[places]
    begin, end = found.begins[owner], found.begins[owner + 1]
    cut = begin + (places - begin) // ANSWERED * ANSWERED
    cuts, first, piece = np.unique(cut, return_index=True, return_inverse=True)
    starts = np.maximum(cuts - (LENGTH - ANSWERED), begin[first])
    return Windows(starts, np.minimum(cuts + ANSWERED, end[first]) - starts), piece


def last_windows(found: Histories) -> Windows:
    """Return the last 48 places of every customer."""
    starts = np.maximum(found.last + 1 - LENGTH, found.begins[:-1])
    return Windows(starts, found.last + 1 - starts)


def inputs(found: Histories, some: Windows) -> tuple[Labels, Figures]:
    """Return what a network reads of pieces: tokens, and the figures of each place."""
    places, there = some.places()
    tokens = np.where(there, found.tokens[places], PADDING).astype(np.int64)
    figures = np.concatenate([found.numeric[places], found.context[places]], axis=2)
    figures[~there] = 0
    return tokens, figures.astype(np.float32)


def blocks() -> Figures:
    """Return type and category of each token as two blocks, zero but for one place in each.

    As long as what is learnt of a token is at first: with ones the network learnt four times as
    slowly, which would have told nothing about the embedding.
    """
    kinds = np.eye(TYPE_OF.max() + 1)[TYPE_OF]
    both = np.hstack([kinds, np.eye(CATEGORY_OF.max() + 1)[CATEGORY_OF]])
    return np.asarray(both * np.sqrt(both.shape[1] / 2), dtype=np.float32)
