import numpy as np
import polars as pl
import pytest

from amazing_assets.small_cells import HIDDEN, blank, hide_small_cells


def table(rows):
    """Cells of a table written as lists of counts; zero is no cell."""
    cells = [(i, j, n) for i, row in enumerate(rows) for j, n in enumerate(row) if n]
    return pl.DataFrame(cells, schema={"row": int, "column": int, "users": int}, orient="row")


def hidden(rows):
    marked = hide_small_cells(table(rows), ("row",), ("column",))
    return {(row, column) for row, column, _, is_hidden in marked.iter_rows() if is_hidden}


def test_nothing_is_hidden_where_every_cell_is_large():
    assert hidden([[20, 30], [40, 50]]) == set()


@pytest.mark.parametrize(("users", "is_hidden"), [(19, True), (20, False)])
def test_twenty_customers_are_enough(users, is_hidden):
    found = hidden([[users, 100, 200], [300, 400, 500]])
    assert ((0, 0) in found) == is_hidden


def test_a_lonely_hidden_cell_takes_the_next_smallest_of_its_row_and_column_with_it():
    assert hidden([[5, 30, 900], [40, 50, 900], [900, 900, 900]]) == {
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    }


def test_several_small_cells_protect_each_other():
    assert hidden([[5, 6, 900], [7, 8, 900], [900, 900, 900]]) == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize("seed", range(20))
def test_no_hidden_cell_can_be_found_by_subtraction(seed):
    counts = np.random.default_rng(seed).geometric(0.02, size=(7, 9))
    marked = hide_small_cells(table(counts.tolist()), ("row",), ("column",))
    assert marked.filter(pl.col("users") < 20)[HIDDEN].all()
    for line in ("row", "column"):
        lines = marked.group_by(line).agg(pl.col(HIDDEN).sum(), pl.len())
        assert not lines.filter((pl.col(HIDDEN) == 1) & (pl.col("len") > 1)).height


def test_hidden_cells_keep_no_figure():
    marked = hide_small_cells(table([[5, 6, 90]] * 2), ("row",), ("column",))
    shown = blank(marked.with_columns(value=pl.col("users") / 10), "value")
    assert shown["users"].to_list() == [None, None, 90] * 2
    assert shown["value"].to_list() == [None, None, 9.0] * 2


def test_of_equal_cells_the_same_is_hidden_whatever_the_order_of_the_rows():
    cells = pl.DataFrame(
        {"line": ["a"] * 4, "cell": ["w", "x", "y", "z"], "users": [50, 7, 50, 50]}
    )
    hidden = set()
    for seed in range(20):
        shuffled = cells.sample(fraction=1, shuffle=True, seed=seed)
        marked = hide_small_cells(shuffled, ("line",))
        assert marked["cell"].equals(shuffled["cell"])
        hidden.add(tuple(sorted(marked.filter(HIDDEN)["cell"])))
    assert hidden == {("w", "x")}
