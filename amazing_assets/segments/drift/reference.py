"""What customers were like when the model was fitted, to compare later months with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amazing_assets.models.drift import binned, borders
from amazing_assets.segments.search.silhouettes import silhouettes

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
        margin: Mean margin; None if the model knows no doubt.
        low_margin: Share of customers with a margin below .1.
        unclassified: Share of the customers without a segment.
        silhouette: Of the segments; None if there is one.
    """

    as_of: date
    shares: dict[int, float]
    edges: dict[str, tuple[float, ...]]
    bins: dict[str, tuple[float, ...]]
    margin: float | None
    low_margin: float | None
    unclassified: float
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
    """Return the mean margin, or None where there is none."""
    return float(margins.mean()) if margins.size and not np.isnan(margins).any() else None


def low_margin(margins: Matrix) -> float | None:
    """Return the share of customers who might as well be elsewhere."""
    return None if mean_margin(margins) is None else float((margins < LOW_MARGIN).mean())


def unclassified_share(scored: Scored) -> float:
    """Return the share of customers without a segment."""
    everybody = len(scored.segments) + scored.unclassified
    return scored.unclassified / everybody if everybody else 0.0


def silhouette(scored: Scored) -> float | None:
    """Return the silhouette of the segments on the model's scales, over a sample."""
    rows = np.random.default_rng(0).permutation(len(scored.segments))[:SILHOUETTE_ROWS]
    numbers, labels = np.unique(scored.segments[rows], return_inverse=True)
    if numbers.size < 2:  # noqa: PLR2004  one segment has no silhouette
        return None
    (found,) = silhouettes(scored.matrix[rows], [labels])
    return float(found.mean())
