"""What segments are beside what chance makes of them, as one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from amazing_assets.delivery.report.charts.drawing import INK, PALE, WIDTH, specification

if TYPE_CHECKING:
    from amazing_assets.language.language import Language


def beside_chance(rows: pl.DataFrame, language: Language) -> dict[str, Any]:
    """Return a line for each segment from what chance makes of it to what it is.

    Args:
        rows: Columns `name`, `colour` (null: of all), `value` and `by_chance`, top to bottom.
        language: Of the labels.
    """
    shown = rows.select("name", "value", "by_chance", colour=pl.col("colour").fill_null(INK))
    axis = alt.Axis(title=language.say("chance.axis"), format=".1f", tickCount=6)
    # A little below 0 where chance agrees with itself less than by luck.
    scale = alt.Scale(domain=[min(0.0, *shown["by_chance"]), 1])
    rows_down = alt.Y(
        "name:N",
        sort=shown["name"].to_list(),
        axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6),
    )
    base = alt.Chart(shown, width=WIDTH - 60, height=24 * shown.height).encode(y=rows_down)
    dealt = alt.X("by_chance:Q", axis=axis, scale=scale)
    way = base.mark_rule(strokeWidth=2, color=PALE).encode(x=dealt, x2="value:Q")
    chance = base.mark_point(size=70, color=INK, filled=False, fill="white", opacity=1).encode(
        x=dealt
    )
    real = base.mark_circle(size=110, opacity=1).encode(
        x=alt.X("value:Q", axis=axis, scale=scale), color=alt.Color("colour:N", scale=None)
    )
    return specification(alt.layer(way, chance, real))
