"""Who moved where, as ribbons between two columns; widths are customers, to one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import polars as pl

from amazing_assets.delivery.report.charts.drawing import INK, WIDTH, specification

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Of the whole height, between two bars; and of the whole width, a bar.
GAP, BAR = 0.018, 0.035
STEPS = 40


def sankey(
    moves: pl.DataFrame,
    totals: tuple[Mapping[str, float], Mapping[str, float]],
    colours: Mapping[str, str],
    titles: tuple[str, str],
) -> dict[str, Any]:
    """Return the ribbons.

    Args:
        moves: Columns `source`, `target` (labels) and `users`; hidden moves are left out.
        totals: Customers of each label before and now, in order: hidden moves count here, so a
            bar may be longer than its ribbons.
        colours: Of each label.
        titles: Above the two columns.
    """
    bars = [stacked(side) for side in totals]
    ribbons = outlines(moves, bars, tuple(totals[0]), tuple(totals[1]))
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.34, 1.34], nice=False))
    y = alt.Y("low:Q", axis=None, scale=alt.Scale(domain=[1.02, -0.07], nice=False))
    size: dict[str, Any] = {"width": WIDTH + 40, "height": 340}
    drawn = (
        alt.Chart(ribbons, **size)
        .mark_area(opacity=0.45)
        .encode(
            x=x,
            y=y,
            y2="high:Q",
            detail="ribbon:N",
            color=alt.Color("source:N", scale=scale, legend=None),
        )
    )
    boxes = pl.concat(
        [
            bar.with_columns(
                x=pl.lit(start), x2=pl.lit(start + BAR), text_x=pl.lit(text), left=pl.lit(left)
            )
            for bar, start, text, left in zip(
                bars, (0.0, 1 - BAR), (-0.02, 1.02), (True, False), strict=True
            )
        ]
    ).with_columns(middle=(pl.col("low") + pl.col("high")) / 2)
    blocks = (
        alt.Chart(boxes)
        .mark_rect()
        .encode(
            x=x, x2="x2:Q", y=y, y2="high:Q", color=alt.Color("label:N", scale=scale, legend=None)
        )
    )
    named = {
        "x": alt.X("text_x:Q", axis=None),
        "y": alt.Y("middle:Q", axis=None),
        "text": "label:N",
    }
    ink: dict[str, Any] = {"fontSize": 11, "color": INK}
    names = [
        alt.Chart(boxes.filter("left")).mark_text(align="right", **ink).encode(**named),
        alt.Chart(boxes.filter(~pl.col("left"))).mark_text(align="left", **ink).encode(**named),
    ]
    heads = pl.DataFrame({"x": [0.0, 1.0], "low": [-0.05, -0.05], "text": list(titles)})
    head: dict[str, Any] = {"fontWeight": "bold", "fontSize": 12, "color": INK}
    above = [
        alt.Chart(heads.head(1)).mark_text(align="left", **head).encode(x=x, y=y, text="text:N"),
        alt.Chart(heads.tail(1)).mark_text(align="right", **head).encode(x=x, y=y, text="text:N"),
    ]
    return specification(alt.layer(drawn, blocks, *names, *above))


def stacked(totals: Mapping[str, float]) -> pl.DataFrame:
    """Return the bars of one side from above: `label`, `total`, and 0 to 1 `low` and `high`."""
    room = 1 - GAP * (len(totals) - 1)
    sizes = np.array(list(totals.values()), dtype=float)
    heights = room * sizes / max(sizes.sum(), 1)
    starts = np.concatenate([[0], np.cumsum(heights + GAP)[:-1]])
    return pl.DataFrame(
        {"label": list(totals), "total": sizes, "low": starts, "high": starts + heights}
    )


def outlines(
    moves: pl.DataFrame, bars: Sequence[pl.DataFrame], before: Sequence[str], now: Sequence[str]
) -> pl.DataFrame:
    """Return the points of each ribbon: `ribbon`, `source`, `x`, `low` and `high`."""
    scales = [float((bar["high"] - bar["low"]).sum()) / float(bar["total"].sum()) for bar in bars]
    placed = (
        moves.with_columns(
            first=pl.col("source").replace_strict(
                before, range(len(before)), return_dtype=pl.Int32
            ),
            second=pl.col("target").replace_strict(now, range(len(now)), return_dtype=pl.Int32),
        )
        .sort("first", "second")
        .with_columns(start=_above("source") * scales[0])
        .sort("second", "first")
        .with_columns(end=_above("target") * scales[1])
        .join(bars[0].select(source="label", from_low="low"), on="source")
        .join(bars[1].select(target="label", to_low="low"), on="target")
        .with_row_index("ribbon")
    )
    steps = np.linspace(0, 1, STEPS)
    ease = steps**2 * (3 - 2 * steps)
    path = pl.DataFrame({"x": BAR + steps * (1 - 2 * BAR), "t": ease})
    begin, end = pl.col("from_low") + pl.col("start"), pl.col("to_low") + pl.col("end")
    low = begin + (end - begin) * pl.col("t")
    width = pl.col("users") * (scales[0] + (scales[1] - scales[0]) * pl.col("t"))
    return placed.join(path, how="cross").select("ribbon", "source", "x", low=low, high=low + width)


def _above(side: str) -> pl.Expr:
    """Customers of the ribbons that come before at the same bar."""
    return (pl.col("users").cum_sum() - pl.col("users")).over(side)
