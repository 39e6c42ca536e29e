"""How far two looks at the same customers agree beyond chance (Cohen 1960)."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.measures import kappas

# Events seen of a customer, lower borders; the last bin is open.
BINS = (1, 3, 5, 8, 12, 20, 30, 50, 80, 120)

# Fewer customers say nothing about a bin: the bound would only tell that they are few.
FEWEST = 50

RESAMPLES = 500
CONFIDENCE = 0.95


class Agreement(NamedTuple):
    """Cohen's kappa of the customers of one bin.

    Attributes:
        at_least: Fewest events seen.
        below: Events from which the next bin begins; None for the last.
        kappa: 0 as by chance, 1 always; None if all have one segment, or nobody is there.
        lower: Bound above which kappa lies with 95 %, by bootstrap over customers.
    """

    at_least: int
    below: int | None
    customers: int
    kappa: float | None
    lower: float | None


def by_events(
    one: Labels, other: Labels, events: Matrix, groups: int, seed: int
) -> list[Agreement]:
    """Return the agreement of two labellings in each bin of events."""
    rng = np.random.default_rng(seed)
    borders = [*pairwise(BINS), (BINS[-1], None)]
    return [
        agreed(one[inside], other[inside], groups, (low, high), rng)
        for low, high in borders
        for inside in [(events >= low) & (events < (high or np.inf))]
    ]


def agreed(
    one: Labels,
    other: Labels,
    groups: int,
    borders: tuple[int, int | None],
    rng: np.random.Generator,
) -> Agreement:
    """Return the agreement of some customers."""
    table = np.bincount(one * groups + other, minlength=groups**2).reshape(groups, groups)
    kappa = kappas(table[None].astype(float))[0] if len(one) else np.nan
    if np.isnan(kappa):
        return Agreement(*borders, len(one), None, None)
    # Drawing customers with replacement is drawing the cells of their table.
    drawn = rng.multinomial(len(one), table.ravel() / len(one), RESAMPLES)
    lower = np.nanquantile(kappas(drawn.reshape(-1, groups, groups).astype(float)), 1 - CONFIDENCE)
    return Agreement(*borders, len(one), float(kappa), float(lower))
