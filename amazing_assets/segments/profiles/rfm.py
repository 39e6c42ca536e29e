"""How the customers of each segment spread over recency, frequency and money."""

import polars as pl

from amazing_assets.segments.behaviour.representations import RFM_COLUMNS, RfmRepresentation
from amazing_assets.segments.clustering.rfm import RFM_GROUPS, fit_rfm
from amazing_assets.segments.profiles.figures import (
    GROUP,
    ROW,
    Customers,
    counted_cells,
    each_group,
    figure_schema,
)
from amazing_assets.small_cells import hide_small_cells

SCORES = ("recency", "frequency", "money")


def rfm_figures(customers: Customers) -> pl.DataFrame:
    """Return the mean scores of each segment and how its customers spread over the grid."""
    known = customers.read(RFM_COLUMNS).filter(pl.col("segment").is_not_null())
    if known.is_empty():
        return pl.DataFrame(schema=figure_schema())
    matrix = RfmRepresentation().matrix(known)
    grid = fit_rfm(matrix, RFM_GROUPS, 0, 0).clustering
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
