"""Seeded randomness and the array types of the demo world.

Every draw comes from a generator named by (seed, purpose, day), so a day does not depend on how
many numbers another day, or another step of the same day, happened to use.
"""

from enum import IntEnum, auto

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]


class Purpose(IntEnum):
    """What a stream of random numbers is for."""

    CATALOGUE = auto()
    CUSTOMERS = auto()
    PROMOTIONS = auto()
    SESSIONS = auto()
    BEHAVIOUR = auto()
    DIRT = auto()
    FAULTS = auto()


def generator(seed: int, purpose: Purpose, day: int = 0) -> np.random.Generator:
    """Return the generator of one purpose on one day (an ordinal; 0 for the whole world)."""
    return np.random.default_rng([seed, int(purpose), day])


def spaced_ids(rng: np.random.Generator, count: int, low: int, high: int) -> Ints:
    """Return different ids between low and high, in random order, without drawing twice."""
    stride = (high - low) // count
    ids = low + stride * np.arange(count, dtype=np.int64) + rng.integers(stride, size=count)
    return rng.permutation(ids)


def expit(x: Floats) -> Floats:
    """Return the probability whose logit is x."""
    return 1.0 / (1.0 + np.exp(-x))


def logit(p: Floats) -> Floats:
    """Return the log odds of p."""
    return np.log(p) - np.log1p(-p)


def counter(lengths: Ints) -> Ints:
    """Return 0, 1, 2, ... within each run of the given lengths, one run after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) - np.repeat(ends - lengths, lengths)
