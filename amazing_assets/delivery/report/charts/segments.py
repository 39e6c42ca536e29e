"""Pictures of the segments: heat map, map, cube, and what sets one apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import polars as pl

from amazing_assets.delivery.report.charts.drawing import (
    DIVERGING,
    INK,
    PALE,
    WIDTH,
    specification,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.language.language import Language

# Where standings of segments lie; beyond it a colour says "as far as it goes".
FARTHEST = 1.5


def heat_map(
    cells: pl.DataFrame, features: Sequence[str], segments: Sequence[str]
) -> dict[str, Any]:
    """Return how far each segment stands from the population in each feature.

    Args:
        cells: Columns `feature`, `segment`, `z` and `shown` (text).
        features: Labels in order, top to bottom.
        segments: Labels in order, left to right.
    """
    base = alt.Chart(cells, width=WIDTH - 130, height=16 * len(features)).encode(
        x=alt.X(
            "segment:N",
            sort=list(segments),
            axis=alt.Axis(title=None, orient="top", labelAngle=-40, domain=False, ticks=False),
        ),
        y=alt.Y(
            "feature:N",
            sort=list(features),
            axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6),
        ),
    )
    bounds = np.linspace(-FARTHEST, FARTHEST, len(DIVERGING)).tolist()
    squares = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "z:Q",
            scale=alt.Scale(domain=bounds, range=list(DIVERGING), clamp=True),
            legend=None,
        )
    )
    numbers = base.mark_text(fontSize=10.5).encode(
        text="shown:N",
        color=alt.condition("abs(datum.z) > 1.0", alt.value("white"), alt.value(INK)),
    )
    return specification(alt.layer(squares, numbers))


def singular(rows: pl.DataFrame, colour: str, title: str) -> dict[str, Any]:
    """Return what sets a segment apart as bars left and right of the population.

    Args:
        rows: Columns `feature` and `z`, the most telling first.
        colour: Of the segment.
        title: Of the axis.
    """
    order = list(rows["feature"])
    ticks = [-1, 0, 1]
    plain = "datum.value == 0 ? '0' : datum.label"
    axis = alt.Axis(title=title, format="+.1f", values=ticks, labelExpr=plain)
    base = alt.Chart(rows.select("feature", "z"), width=130, height=20 * len(order))
    y = alt.Y("feature:N", sort=order, axis=alt.Axis(title=None, domain=False, ticks=False))
    bars = base.mark_bar(color=colour, height=13).encode(
        x=alt.X("z:Q", axis=axis, scale=alt.Scale(domain=[-1.75, 1.75], nice=False)), y=y
    )
    zero = alt.Chart(pl.DataFrame({"z": [0]})).mark_rule(color=INK).encode(x="z:Q")
    return specification(alt.layer(bars, zero))


def paying(rows: pl.DataFrame, segments: Sequence[Segment], language: Language) -> dict[str, Any]:
    """Return each segment's part of the customers (grey) and of the revenue (its colour).

    Args:
        rows: Columns `segment` (as a reader knows it), `users` and `revenue`, shares; null: hidden.
        segments: In order.
        language: Of the labels.
    """
    colours = {each.label: each.colour for each in segments}
    long = rows.unpivot(["users", "revenue"], index="segment", variable_name="part")
    told = long.drop_nulls().with_columns(
        part=pl.col("part").replace_strict(
            {name: language.say(f"summary.part_{name}") for name in ("users", "revenue")}
        ),
        colour=pl.when(part="users")
        .then(pl.lit(PALE))
        .otherwise(pl.col("segment").replace_strict(colours, return_dtype=pl.String)),
        shown=pl.col("value").map_elements(language.share, return_dtype=pl.String),
    )
    order = [each.label for each in segments]
    base = alt.Chart(told, width=WIDTH - 70, height=27 * len(order)).encode(
        x=alt.X("value:Q", axis=None),
        y=alt.Y("segment:N", sort=order, axis=alt.Axis(title=None, domain=False, ticks=False)),
        yOffset=alt.YOffset("part:N", sort=None),
    )
    bars = base.mark_bar().encode(color=alt.Color("colour:N", scale=None))
    numbers = base.mark_text(align="left", dx=4, fontSize=10.5).encode(
        text=alt.Text("label:N"),
    )
    labelled = numbers.transform_calculate(label="datum.shown + ' ' + datum.part")
    return specification(alt.layer(bars, labelled))


def plane(
    places: pl.DataFrame,
    squares: pl.DataFrame,
    segments: Sequence[Segment],
    titles: tuple[str, str],
) -> dict[str, Any]:
    """Return the segments on the plane of the two principal components.

    Args:
        places: Columns `segment`, `x`, `y`, `x_sd`, `y_sd` and `correlation`.
        squares: Columns `segment`, `x`, `y`, `side` and `value`: customers in squares, of the
            segment that has most of them there.
        segments: In order.
        titles: Of the two axes.
    """
    labels = {each.number: each.label for each in segments}
    colours = alt.Scale(domain=list(labels.values()), range=[each.colour for each in segments])
    colour = alt.Color("name:N", scale=colours, legend=None)
    named = pl.col("segment").replace_strict(labels, return_dtype=pl.String).alias("name")
    x = alt.X("x:Q", axis=alt.Axis(title=titles[0], tickCount=6), scale=alt.Scale(zero=False))
    y = alt.Y("y:Q", axis=alt.Axis(title=titles[1], tickCount=6), scale=alt.Scale(zero=False))
    size: dict[str, Any] = {"width": WIDTH, "height": 255}
    half, density = pl.col("side") / 2, pl.col("value") / pl.col("value").max()
    tiles = squares.with_columns(
        named,
        x=pl.col("x") - half,
        y=pl.col("y") - half,
        x2=pl.col("x") + half,
        y2=pl.col("y") + half,
        density=0.08 + 0.4 * density,
    )
    crowded = (
        alt.Chart(tiles, **size)
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=x,
            y=y,
            x2="x2:Q",
            y2="y2:Q",
            color=colour,
            opacity=alt.Opacity("density:Q", scale=None, legend=None),
        )
    )
    outlines = (
        alt.Chart(ellipses(places).with_columns(named), **size)
        .mark_line(strokeWidth=2)
        .encode(x=x, y=y, color=colour, detail="name:N", order="step:Q")
    )
    centres = places.with_columns(named)
    text = (
        alt.Chart(centres, **size)
        .mark_text(fontWeight="bold", fontSize=12, stroke="white", strokeWidth=3, strokeOpacity=0.9)
        .encode(x=x, y=y, text="name:N")
    )
    ink = (
        alt.Chart(centres, **size)
        .mark_text(fontWeight="bold", fontSize=12)
        .encode(x=x, y=y, text="name:N", color=colour)
    )
    return specification(alt.layer(crowded, outlines, text, ink))


def ellipses(places: pl.DataFrame, steps: int = 72) -> pl.DataFrame:
    """Return the outline one standard deviation around each centre, with a `step`."""
    angles = np.linspace(0, 2 * np.pi, steps + 1)
    circle = pl.DataFrame({"step": range(steps + 1), "c": np.cos(angles), "s": np.sin(angles)})
    r = pl.col("correlation")
    return places.join(circle, how="cross").select(
        "segment",
        "step",
        x=pl.col("x") + pl.col("x_sd") * pl.col("c"),
        y=pl.col("y") + pl.col("y_sd") * (r * pl.col("c") + (1 - r**2).sqrt() * pl.col("s")),
    )
