"""What customers were like when the model was fitted, to compare later months with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amazing_assets.models.drift import binned, borders
from amazing_assets.segments.search.silhouettes import silhouettes
from amazing_assets.small_cells import SMALLEST_CELL

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from amazing_assets.models.arrays import Labels, Matrix

LOW_MARGIN = 0.10

# Customers whose distances to each other are measured for a silhouette: n x n of them.
SILHOUETTE_ROWS = 2_000


class Scored(NamedTuple):
    """The customers of a month as a model placed them.

    Attributes:
        segments: Number of the segment of each customer who has one.
        margins: Theirs; NaN where rules know no doubt.
        matrix: They on the model's scales.
        readable: They in the units of the features.
        unclassified: Customers without a segment.
    """

    segments: Labels
    margins: Matrix
    matrix: Matrix
    readable: pl.DataFrame
    unclassified: int


class Reference(NamedTuple):
    """What the customers were like when the model was fitted.

    Attributes:
        as_of: Reference date of the snapshot.
        shares: Of each segment among the customers who have one.
        edges: Of each feature, the inner borders of at most ten bins of equal size.
        bins: Share of each of these bins.
        margin: Mean margin; None if the model knows no doubt, or of fewer than 20 customers.
        low_margin: Share of customers with a margin below .1; None: of fewer than 20, or all but
            so few.
        unclassified: Share of the customers without a segment; None: fewer than 20 have none, or
            have one.
        silhouette: Of the segments; None if there is one, or of fewer than 20 customers.
    """

    as_of: date
    shares: dict[int, float]
    edges: dict[str, tuple[float, ...]]
    bins: dict[str, tuple[float, ...]]
    margin: float | None
    low_margin: float | None
    unclassified: float | None
    silhouette: float | None


def describe(scored: Scored, as_of: date, numbers: Labels) -> Reference:
    """Return what these customers are like, to compare later months with."""
    edges = {name: borders(scored.readable[name].to_numpy()) for name in scored.readable.columns}
    return Reference(
        as_of,
        shares_of(scored.segments, numbers),
        edges,
        binned(scored.readable, edges),
        mean_margin(scored.margins),
        low_margin(scored.margins),
        unclassified_share(scored),
        silhouette(scored),
    )


def shares_of(segments: Labels, numbers: Labels) -> dict[int, float]:
    """Return the share of each segment."""
    return {
        int(number): float((segments == number).mean()) if len(segments) else 0.0
        for number in numbers
    }


def mean_margin(margins: Matrix) -> float | None:
    """Return the mean margin, or None where there is none, or of too few customers."""
    few = margins.size < SMALLEST_CELL
    return None if few or np.isnan(margins).any() else float(margins.mean())


def low_margin(margins: Matrix) -> float | None:
    """Return the share of customers who might as well be elsewhere."""
    if mean_margin(margins) is None:
        return None
    return told_share(int((margins < LOW_MARGIN).sum()), margins.size)


def unclassified_share(scored: Scored) -> float | None:
    """Return the share of customers without a segment."""
    return told_share(scored.unclassified, len(scored.segments) + scored.unclassified)


def told_share(some: int, everybody: int) -> float | None:
    """Return a share of customers, unless it tells on a few who are in it, or are not."""
    if any(0 < part < SMALLEST_CELL for part in (some, everybody - some)):
        return None
    return some / everybody if everybody else 0.0


def silhouette(scored: Scored) -> float | None:
    """Return the silhouette of the segments on the model's scales, over a sample."""
    rows = np.random.default_rng(0).permutation(len(scored.segments))[:SILHOUETTE_ROWS]
    numbers, labels = np.unique(scored.segments[rows], return_inverse=True)
    if rows.size < SMALLEST_CELL or numbers.size < 2:  # noqa: PLR2004  one segment has none
        return None
    (found,) = silhouettes(scored.matrix[rows], [labels])
    return float(found.mean())
