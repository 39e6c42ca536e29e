"""Which figures would tell on single customers, and are therefore never published."""

from collections.abc import Sequence

import polars as pl

from amazing_assets.segments.contract import SMALLEST_CELL

HIDDEN = "is_suppressed"


def hide_small_cells(
    cells: pl.DataFrame, rows: Sequence[str], columns: Sequence[str]
) -> pl.DataFrame:
    """Mark the cells of a table with margins that must not be shown, as `is_suppressed`.

    Hidden are cells of fewer than 20 customers. Where only one cell of a row or of a column is
    hidden, the published total would give it away, so the next smallest is hidden as well.

    Args:
        cells: With `users`: how many customers are behind each cell.
        rows: Columns that name the row of a cell.
        columns: Columns that name its column.
    """
    marked = cells.with_columns((pl.col("users") < SMALLEST_CELL).alias(HIDDEN))
    hidden = -1
    while hidden != (hidden := int(marked[HIDDEN].sum())):
        marked = marked.with_columns(give_away(rows)).with_columns(give_away(columns))
    return marked


def give_away(line: Sequence[str]) -> pl.Expr:
    """What is hidden once no line hides exactly one of its cells."""
    lonely = pl.col(HIDDEN).sum().over(line) == 1
    shown = pl.when(~pl.col(HIDDEN)).then("users")
    smallest = shown.rank("ordinal").over(line) == 1
    return pl.col(HIDDEN) | (lonely & smallest).fill_null(False)


def blank(cells: pl.DataFrame, *values: str) -> pl.DataFrame:
    """Return the cells with the number of customers and the values of hidden ones removed."""
    return cells.with_columns(pl.when(~pl.col(HIDDEN)).then(pl.col("users", *values)))
