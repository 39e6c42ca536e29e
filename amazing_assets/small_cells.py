"""Which figures would tell on single customers, and are therefore never published."""

from collections.abc import Sequence

import polars as pl

# Fewer customers than this in a cell could be recognised: their figures are published nowhere, and
# neither is a figure from which they could be computed. An empty cell is hidden like a small one.
SMALLEST_CELL = 20

HIDDEN = "is_suppressed"

SOME_ARE_HIDDEN = (
    f"Figures of fewer than {SMALLEST_CELL} customers are hidden, and those that would give them "
    "away."
)

_ORDER = "order of the rows"


def hide_small_cells(cells: pl.DataFrame, *lines: Sequence[str]) -> pl.DataFrame:
    """Mark the cells of a table with margins that must not be shown, as `is_suppressed`.

    Hidden are cells of fewer than 20 customers. Where only one cell of a line is hidden, the
    published total would give it away, so the next smallest is hidden as well.

    Args:
        cells: With `users`: how many customers are behind each cell.
        lines: Of which totals are published: columns that name the row of a cell, those that name
            its column, and so on.
    """
    # Of two equal cells always the same is hidden, whatever the order of the rows: the month made
    # again with the other one hidden would give away both.
    names = [name for name, kind in cells.schema.items() if not kind.is_float()]
    marked = (
        cells.with_row_index(_ORDER)
        .sort(names, nulls_last=True)
        .with_columns((pl.col("users") < SMALLEST_CELL).alias(HIDDEN))
    )
    hidden = -1
    while hidden != (hidden := int(marked[HIDDEN].sum())):
        for line in lines:
            marked = marked.with_columns(give_away(line))
    return marked.sort(_ORDER).drop(_ORDER)


def with_nobody(cells: pl.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """Return the cells of every row and column, those of nobody with 0 `users`.

    Left out, they would say that nobody is there, and one small cell among large ones would take
    the next with it: two customers who left hid the seven hundred who stayed.
    """
    names = [*rows, *columns]
    pairs = cells.select(rows).unique().join(cells.select(columns).unique(), how="cross")
    return pairs.join(cells, on=names, how="left", nulls_equal=True).with_columns(
        pl.col("users").fill_null(0)
    )


def give_away(line: Sequence[str]) -> pl.Expr:
    """What is hidden once no line hides exactly one of its cells."""
    lonely = pl.col(HIDDEN).sum().over(line) == 1
    shown = pl.when(~pl.col(HIDDEN)).then("users")
    smallest = shown.rank("ordinal").over(line) == 1
    return pl.col(HIDDEN) | (lonely & smallest).fill_null(False)


def blank(cells: pl.DataFrame, *values: str) -> pl.DataFrame:
    """Return the cells with the number of customers and the values of hidden ones removed."""
    return cells.with_columns(pl.when(~pl.col(HIDDEN)).then(pl.col("users", *values)))
