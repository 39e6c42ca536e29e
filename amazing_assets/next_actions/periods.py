"""What is learnt from, what is chosen by and what is judged by: three periods, one after the other.

What came before may be read, but no answer crosses from one period to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amazing_assets.next_actions.histories import DAY, UNKNOWN_TARGET
from amazing_assets.next_actions.vocabulary import END_SESSION, INACTIVE_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amazing_assets.models.arrays import Labels
    from amazing_assets.next_actions.histories import Histories

# Long enough for two weeks of visits of which 28 days after are known.
_HELD_OUT_DAYS = INACTIVE_DAYS + 14
_LARGEST_SHARE = 0.2

# One customer in so many is never learnt from, so that strangers can be judged apart.
_STRANGERS = 10


class Periods(NamedTuple):
    """Where the periods end, seconds since 1970; each begins where the one before ends."""

    train_until: int
    validate_until: int
    test_until: int

    @property
    def days(self) -> tuple[np.datetime64, ...]:
        """The ends as days."""
        return tuple(np.datetime64(each, "s").astype("datetime64[D]") for each in self)


def periods(first: int, until: int) -> Periods:
    """Return how the time between two moments is divided.

    Six weeks each to choose and to judge, of a short time a fifth each: then nobody can say whether
    customers came back, and only what they do within a visit is judged.
    """
    held_out = min(_HELD_OUT_DAYS * DAY, int(_LARGEST_SHARE * (until - first)))
    return Periods(until - 2 * held_out, until - held_out, until)


class Split(NamedTuple):
    """Places of histories, each with a known answer, by what they are for."""

    train: Labels
    validate: Labels
    test: Labels


def split(found: Histories, at: Periods) -> Split:
    """Return the places of each period; strangers are in no training."""
    known = found.targets != UNKNOWN_TARGET
    # When the answer is known: 28 days after a visit, whatever comes of it.
    answered = np.where(
        found.tokens == END_SESSION, found.at + INACTIVE_DAYS * DAY, np.roll(found.at, -1)
    )
    begins = (np.iinfo(np.int64).min, at.train_until, at.validate_until)
    train, validate, test = (
        np.flatnonzero(known & (found.at > after) & (answered <= until))
        for after, until in zip(begins, at, strict=True)
    )
    strange = strangers(found.customers)[found.owners[train]]
    return Split(train[~strange], validate, test)


def strangers(customers: Labels) -> NDArray[np.bool_]:
    """Return who is never learnt from: the same customers in every training."""
    return np.asarray(sampling_order(customers) % _STRANGERS == 0)


def sampling_order(customers: Labels) -> NDArray[np.uint64]:
    """Return a number of each customer that looks like chance and is always the same.

    The finaliser of splitmix64: pseudonyms themselves decide the shard.
    """
    mixed = customers.astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
