"""Customers on a plane, for the eye: the first two principal components of what they do.

Nothing is decided here; segments are found in all dimensions.
"""

import numpy as np
import polars as pl

from amazing_assets.segments.candidates import Matrix
from amazing_assets.segments.population import stratified
from amazing_assets.segments.preprocessing import BehaviourView, NothingDiffersError

# The axes need no more customers than this; all of them are then placed, so many at a time.
TRAIN_ROWS, SLICE = 100_000, 100_000

# Smallest and largest side of a square of the plane, in standard deviations of one feature.
SIDES = (0.25, 1.0)


def place(customers: pl.DataFrame) -> tuple[pl.DataFrame, tuple[float, float]] | None:
    """Return `x` and `y` of each customer in their order, and the variance that each axis shows.

    Returns:
        None where nothing tells two customers apart.
    """
    train = stratified(customers, TRAIN_ROWS, 0)
    try:
        view = BehaviourView.fit(train)
    except NothingDiffersError:
        return None
    matrix = view.matrix(train)
    values, vectors = np.linalg.eigh(np.cov(matrix, rowvar=False).reshape(matrix.shape[1], -1))
    if len(values) == 1:
        return None
    axes, middle = facing(vectors[:, [-1, -2]]), matrix.mean(axis=0)
    parts = [(view.matrix(part) - middle) @ axes for part in customers.iter_slices(SLICE)]
    shown = values[[-1, -2]] / values.sum()
    return pl.DataFrame(np.concatenate(parts), schema=["x", "y"]), (shown[0], shown[1])


def facing(axes: Matrix) -> Matrix:
    """Return the axes, each pointing where its strongest feature grows: signs are arbitrary."""
    strongest = axes[np.argmax(np.abs(axes), axis=0), range(axes.shape[1])]
    return np.asarray(axes * np.sign(strongest))


def side_of_square(customers: int) -> float:
    """Return the side of the squares that are counted: the fewer customers, the larger."""
    # 300 customers in a square of the crowded middle, 8 wide, so that few squares are too small.
    wanted = 8 / (max(customers, 1) / 300) ** 0.5
    return next((side for side in (SIDES[0], 0.5) if side >= wanted), SIDES[1])


def square(axis: str, side: float) -> pl.Expr:
    """The middle of the square in which a customer lies, along one axis."""
    # Adding zero makes no square of minus zero.
    return ((pl.col(axis) / side).round() * side + 0.0).round(2)
