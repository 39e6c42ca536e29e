"""How the customers of each segment spread: over the RFM grid, over the plane of the map."""

import numpy as np
import polars as pl

from amazing_assets.models.arrays import Matrix
from amazing_assets.segments.behaviour.columns import DESIGN_COLUMNS
from amazing_assets.segments.behaviour.population import POPULATION_COLUMNS, stratified
from amazing_assets.segments.behaviour.preprocessing import (
    BehaviourRepresentation,
    NothingDiffersError,
)
from amazing_assets.segments.profiles.figures import (
    GROUP,
    ROW,
    Customers,
    counted_cells,
    each_group,
    figure_schema,
)
from amazing_assets.small_cells import hide_small_cells

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
        representation = BehaviourRepresentation.fit(train)
    except NothingDiffersError:
        return None
    matrix = representation.matrix(train)
    values, vectors = np.linalg.eigh(np.cov(matrix, rowvar=False).reshape(matrix.shape[1], -1))
    if len(values) == 1:
        return None
    axes, middle = facing(vectors[:, [-1, -2]]), matrix.mean(axis=0)
    parts = [(representation.matrix(part) - middle) @ axes for part in customers.iter_slices(SLICE)]
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


def map_figures(customers: Customers) -> pl.DataFrame:
    """Return where each segment lies on the plane, and how its customers spread over it."""
    wanted = (*POPULATION_COLUMNS, *DESIGN_COLUMNS)
    known = customers.read(wanted).filter(pl.col("segment").is_not_null())
    placed = place(known) if known.height else None
    if placed is None:
        return pl.DataFrame(schema=figure_schema())
    points, shown = placed
    side = side_of_square(known.height)
    customers_there = known.select(GROUP).hstack(points)
    x, y = pl.col("x"), pl.col("y")
    centres = each_group(
        customers_there,
        x.mean().alias("x"),
        y.mean().alias("y"),
        x.std().alias("x_sd"),
        y.std().alias("y_sd"),
        pl.corr("x", "y").fill_nan(0).alias("correlation"),
        pl.len().alias("users"),
        pl.lit(side).alias("square"),
        *(
            pl.lit(share).alias(f"{axis}_variance_shown")
            for axis, share in zip("xy", shown, strict=True)
        ),
    ).unpivot(index=[*GROUP, "users"], variable_name="measure")
    rows = centres.select(
        *GROUP,
        topic=pl.lit("map"),
        item=pl.lit("all"),
        measure="measure",
        value="value",
        users=pl.col("users").cast(pl.Int64),
    )
    squares = customers_there.with_columns(
        item=pl.format("{} {}", square("x", side), square("y", side))
    )
    return pl.concat([hide_small_cells(rows, ROW[:5], ROW[:5]), counted_cells(squares, "map_cell")])
