"""The segments in the space of recency, frequency and money, projected onto paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from amazing_assets.delivery.report.charts.drawing import INK, RULE, WIDTH, specification

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.delivery.report.segments import Segment

# Of the cube's three axes on paper: recency to the right, frequency into the depth, money up.
RIGHT, DEEP, UP = (1.0, 0.0), (0.52, 0.34), (0.0, 1.0)

SCORES = (1, 5)


def cube(
    scores: pl.DataFrame, cells: pl.DataFrame, segments: Sequence[Segment], titles: Sequence[str]
) -> dict[str, Any]:
    """Return the segments in the space of recency, frequency and money, projected.

    A projection hides depth: each disc has a stem down to the floor, so that its place can be read.

    Args:
        scores: Columns `segment`, `recency`, `frequency`, `money` (mean scores) and `users`.
        cells: Columns `segment`, the three whole scores and `value`: customers in a cell.
        segments: In order.
        titles: Of the axes: recency, frequency, money.
    """
    labels = {each.number: each.label for each in segments}
    scale = alt.Scale(domain=list(labels.values()), range=[each.colour for each in segments])
    colour = alt.Color("name:N", scale=scale, legend=None)
    named = pl.col("segment").replace_strict(labels, return_dtype=pl.String).alias("name")
    stand = projected(scores.with_columns(named))
    foot = projected(scores.with_columns(named, money=pl.lit(float(SCORES[0]))))
    stems = stand.select("name", "x", "y").with_columns(x2=foot["x"], y2=foot["y"])
    labels_of_discs = beside(stand)
    axis: dict[str, Any] = {"axis": None, "scale": alt.Scale(zero=False, nice=False, padding=14)}
    x, y = alt.X("x:Q", **axis), alt.Y("y:Q", **axis)
    ends = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    size: dict[str, Any] = {"width": WIDTH, "height": 275}
    area = alt.Size("value:Q", scale=alt.Scale(range=[8, 130]), legend=None)
    disc = alt.Size("users:Q", scale=alt.Scale(range=[90, 900]), legend=None)
    crowd = projected(cells.with_columns(named))
    layers = [
        alt.Chart(frame_of_cube(), **size)
        .mark_rule(strokeWidth=1)
        .encode(**ends, color=alt.condition("datum.is_axis", alt.value(INK), alt.value(RULE))),
        alt.Chart(crowd).mark_circle(opacity=0.25).encode(x=x, y=y, color=colour, size=area),
        alt.Chart(stems).mark_rule(strokeDash=[3, 2], strokeWidth=1.2).encode(**ends, color=colour),
        alt.Chart(foot)
        .mark_point(shape="cross", size=22, filled=True)
        .encode(x=x, y=y, color=colour),
        alt.Chart(stand).mark_circle(opacity=0.9).encode(x=x, y=y, color=colour, size=disc),
        alt.Chart(labels_of_discs).mark_rule(strokeWidth=0.8).encode(**ends, color=colour),
        alt.Chart(labels_of_discs)
        .mark_text(align="left", dx=3, fontWeight="bold", stroke="white", strokeWidth=3)
        .encode(x=x, y=y, text="name:N"),
        alt.Chart(labels_of_discs)
        .mark_text(align="left", dx=3, fontWeight="bold")
        .encode(x=x, y=y, text="name:N", color=colour),
        alt.Chart(marks(titles)).mark_text(color=INK, fontSize=11).encode(x=x, y=y, text="text:N"),
    ]
    return specification(alt.layer(*layers).resolve_scale(size="independent"))


def projected(points: pl.DataFrame) -> pl.DataFrame:
    """Return points with `x` and `y` on paper, by their recency, frequency and money."""
    axes = (("recency", RIGHT), ("frequency", DEEP), ("money", UP))
    return points.with_columns(
        x=pl.sum_horizontal(pl.col(name).cast(pl.Float64) * axis[0] for name, axis in axes),
        y=pl.sum_horizontal(pl.col(name).cast(pl.Float64) * axis[1] for name, axis in axes),
    )


def frame_of_cube() -> pl.DataFrame:
    """Return the lines of the cube's floor, back and side, and the three axes."""
    low, high = SCORES
    grid = range(low, high + 1)
    lines = [
        *(((i, low, low), (i, high, low)) for i in grid),
        *(((low, i, low), (high, i, low)) for i in grid),
        *(((i, high, low), (i, high, high)) for i in grid),
        *(((low, high, i), (high, high, i)) for i in grid),
        *(((low, i, low), (low, i, high)) for i in grid),
        *(((low, low, i), (low, high, i)) for i in grid),
    ]
    axes = [
        ((low, low, low), end) for end in ((high, low, low), (low, high, low), (low, low, high))
    ]
    names = ("recency", "frequency", "money")
    begin = projected(pl.DataFrame([start for start, _ in (*lines, *axes)], names, orient="row"))
    end = projected(pl.DataFrame([stop for _, stop in (*lines, *axes)], names, orient="row"))
    is_axis = pl.Series([False] * len(lines) + [True] * len(axes))
    return begin.select("x", "y").with_columns(x2=end["x"], y2=end["y"], is_axis=is_axis)


def marks(titles: Sequence[str]) -> pl.DataFrame:
    """Return the names of the axes and the scores along them, where they stand."""
    low, high = SCORES
    middle, out = (low + high) / 2, 0.28
    texts = [
        *((i, low, low - out, str(i)) for i in range(low, high + 1)),
        *((high + out, i, low, str(i)) for i in range(low + 1, high + 1)),
        *((low - out, low, i, str(i)) for i in range(low + 1, high + 1)),
        (middle, low, low - 2.3 * out, titles[0]),
        (high + 4.6 * out, middle, low, titles[1]),
        (low, low, high + 1.1 * out, titles[2]),
    ]
    columns = ("recency", "frequency", "money", "text")
    return projected(pl.DataFrame(texts, columns, orient="row", strict=False)).select(
        "x", "y", "text"
    )


def beside(discs: pl.DataFrame) -> pl.DataFrame:
    """Return where the names of discs stand so that none covers another, with a line to each.

    Returns:
        Columns `name`, `x` and `y` of the name, `x2` and `y2` of the disc.
    """
    height, width = 0.24, 1.3
    placed: list[tuple[float, float]] = []
    # Twelve segments at most, from above: a name moves down until it is alone.
    ranked = discs.sort("y", "x", descending=True)
    for x, y in ranked.select("x", "y").iter_rows():
        left, level = x + 0.25, y + 0.2
        while any(abs(left - a) < width and abs(level - b) < height for a, b in placed):
            level -= 0.02
        placed.append((left, level))
    names = pl.DataFrame(placed, schema=["x", "y"], orient="row")
    return ranked.select("name", x2="x", y2="y").hstack(names)
