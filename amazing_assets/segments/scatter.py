"""How the customers of each segment spread: over the RFM grid, over the plane of the map."""

import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.contract import SegmentProfiles
from amazing_assets.segments.design import DESIGN_COLUMNS
from amazing_assets.segments.plane import place, side_of_square, square
from amazing_assets.segments.population import POPULATION_COLUMNS
from amazing_assets.segments.portrait import ROW, Customers, each_group
from amazing_assets.segments.rfm import RFM_COLUMNS, RFM_GROUPS, RfmView, fit_rfm
from amazing_assets.segments.suppression import HIDDEN, hide_small_cells
from amazing_assets.segments.tastes import GROUP

SCORES = ("recency", "frequency", "money")


def rfm_figures(customers: Customers) -> pl.DataFrame:
    """Return the mean scores of each segment and how its customers spread over the grid."""
    known = customers.read(RFM_COLUMNS).filter(pl.col("segment").is_not_null())
    if known.is_empty():
        return pl.DataFrame(schema=figure_schema())
    matrix = RfmView().matrix(known)
    grid = fit_rfm(matrix, RFM_GROUPS, 0, 0).partition
    scored = known.select(GROUP).hstack(pl.DataFrame(grid.scores(matrix), schema=SCORES))  # type: ignore[attr-defined]  # a grid
    means = each_group(scored, *(pl.col(SCORES).mean(),), pl.len().alias("users"))
    scores = means.unpivot(SCORES, index=[*GROUP, "users"], variable_name="item").select(
        *GROUP,
        topic=pl.lit("rfm"),
        item="item",
        measure=pl.lit("mean"),
        value="value",
        users=pl.col("users").cast(pl.Int64),
    )
    cells = scored.with_columns(item=pl.concat_str(SCORES, separator="-"))
    return pl.concat([hide_small_cells(scores, ROW[:5], ROW[:5]), counted_cells(cells, "rfm_cell")])


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


def counted_cells(items: pl.DataFrame, topic: str) -> pl.DataFrame:
    """Return how many customers of each segment are in each cell, with small cells marked."""
    counted = items.group_by(*GROUP, "item").agg(pl.len().cast(pl.Int64).alias("users"))
    rows = counted.select(
        *GROUP,
        topic=pl.lit(topic),
        item="item",
        measure=pl.lit("users"),
        value=pl.col("users").cast(pl.Float64),
        users="users",
    )
    return hide_small_cells(rows, GROUP, ("item",))


def figure_schema() -> pl.Schema:
    """Return the columns of figures before they are published."""
    types = schema_of(SegmentProfiles)
    return pl.Schema({name: types[name] for name in (*ROW, HIDDEN)})
