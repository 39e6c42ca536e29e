"""The pictures of risk: what was told and what happened, by tenths and week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from amazing_assets.delivery.report.charts.drawing import INK, PALE, WIDTH, specification

if TYPE_CHECKING:
    from amazing_assets.language.language import Language

HAPPENED, SERVED = "#0b5c94", "#c2500a"

# Three panels side by side.
_PANEL = WIDTH / 3.4
_HEIGHT = 130


def told_and_happened(found: pl.DataFrame, language: Language) -> dict[str, Any]:
    """Return, a panel a task, bars of what happened in each tenth and ticks of what was told.

    Args:
        found: Columns `task`, `decile`, `told` and `happened`.
        language: Of the labels.
    """
    names = [language.say(f"risk.column.{name}") for name in ("happened", "told")]
    scale = alt.Scale(domain=names, range=[HAPPENED, SERVED])
    happened, told = (alt.ColorDatum(name, scale=scale) for name in names)
    panels = []
    for (task,), rows in found.group_by("task", maintain_order=True):
        x = alt.X("decile:O", axis=alt.Axis(title=language.say("risk.axis.tenth"), labelAngle=0))
        axis = alt.Axis(title=None, format="%", tickCount=4)
        base = alt.Chart(rows.drop("task"), width=_PANEL, height=_HEIGHT).encode(x=x)
        bars = base.mark_bar().encode(y=alt.Y("happened:Q", axis=axis), color=happened)
        ticks = base.mark_tick(thickness=2, size=12, opacity=1).encode(
            y=alt.Y("told:Q", axis=axis), color=told
        )
        panels.append(alt.layer(bars, ticks, title=language.say(f"risk.{task}")))
    return specification(alt.hconcat(*panels))


def lifts(found: pl.DataFrame, language: Language) -> dict[str, Any]:
    """Return, a panel a task, how much likelier it was in the first tenth, week by week.

    Args:
        found: Columns `task`, `scored_date`, `model` and `value`.
        language: Of the labels.
    """
    names = {name: language.say(f"risk.column.{name}") for name in ("served", "recency")}
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=[*names.values()], range=[SERVED, PALE]),
        legend=alt.Legend(title=None, orient="top"),
    )
    panels = []
    for (task,), rows in found.group_by("task", maintain_order=True):
        shown = rows.select(
            pl.col("scored_date").dt.strftime("%d/%m").alias("day"),
            "value",
            name=pl.col("model").replace_strict(names, return_dtype=pl.String),
        )
        days = alt.Axis(title=None, labelAngle=0, labelOverlap="greedy", labelSeparation=8)
        x = alt.X("day:O", sort=shown["day"].unique(maintain_order=True).to_list(), axis=days)
        y = alt.Y("value:Q", scale=alt.Scale(zero=True), axis=alt.Axis(title=None, tickCount=4))
        base = alt.Chart(shown, width=_PANEL, height=_HEIGHT)
        lines = base.mark_line(point=True).encode(x=x, y=y, color=colour)
        once = base.mark_rule(color=INK, strokeDash=[3, 3]).encode(y=alt.datum(1))
        panels.append(alt.layer(lines, once, title=language.say(f"risk.{task}")))
    return specification(alt.hconcat(*panels))
