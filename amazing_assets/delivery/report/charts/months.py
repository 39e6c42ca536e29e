"""Pictures of when things happen: days of a month, hours, weekdays, months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from amazing_assets.delivery.report.charts.drawing import INK, WIDTH, specification

if TYPE_CHECKING:
    from amazing_assets.language.language import Language

TYPES = {"views": "#8a9ba8", "carts": "#2f6f9f", "removes": "#b8c4d0", "purchases": "#c2500a"}


def events_by_day(days: pl.DataFrame, language: Language) -> dict[str, Any]:
    """Return the events of each day: views above, the rarer types below on their own scale.

    Args:
        days: Columns `day` (a date), `measure` (`views`, ...) and `value`.
        language: Of the labels.
    """
    names = {name: language.say(f"data.{name}") for name in TYPES}
    seen = days.filter(pl.col("value").sum().over("measure") > 0).with_columns(
        number=pl.col("day").dt.day(), type=pl.col("measure").replace_strict(names)
    )
    shown = [name for name in TYPES if name in set(seen["measure"])]
    colour = alt.Color(
        "type:N",
        scale=alt.Scale(
            domain=[names[name] for name in shown], range=[TYPES[name] for name in shown]
        ),
        legend=alt.Legend(title=None),
    )
    axis = alt.Axis(
        title=language.say("data.day"), labelAngle=0, grid=False, values=[1, 8, 15, 22, 29]
    )

    def panel(rows: pl.DataFrame, title: str, x: alt.Axis | None) -> alt.Chart:
        count = alt.Axis(title=language.say(title), format=",.0f", tickCount=4, titlePadding=8)
        drawn: alt.Chart = (
            alt.Chart(rows.select("number", "type", "value"), width=WIDTH, height=110)
            .mark_bar()
            .encode(
                x=alt.X("number:O", axis=x, scale=alt.Scale(paddingInner=0.2)),
                y=alt.Y("value:Q", axis=count),
                color=colour,
            )
        )
        return drawn

    views = pl.col("measure") == "views"
    return specification(
        alt.vconcat(
            panel(seen.filter(views), "data.views_axis", None),
            panel(seen.filter(~views), "data.others_axis", axis),
            spacing=8,
        )
    )


def clock(
    hours: pl.DataFrame,
    weekdays: pl.DataFrame,
    months: pl.DataFrame,
    colour: str,
    language: Language,
) -> dict[str, Any]:
    """Return a segment's hours, weekdays and months as bars, the population's as a line.

    Args:
        hours: Columns `item`, `value` and `usual`: shares of events; null: hidden.
        weekdays: The same by weekday, in order, with `label`.
        months: The same by month; no rows: there is one alone.
        colour: Of the segment.
        language: Of the labels.
    """
    ticks = ["00", "06", "12", "18", "23"]
    hour_axis = alt.Axis(
        title=language.say("page.hour_axis"), labelAngle=0, values=ticks, grid=False
    )
    day_axis = alt.Axis(title=language.say("page.weekday_axis"), labelAngle=0, grid=False)
    month_axis = alt.Axis(title=None, labelAngle=-45, grid=False)
    days, seasons = (rows.with_columns(item=pl.col("label")) for rows in (weekdays, months))
    panels = [_bars(hours, hour_axis, colour, 0.5), _bars(days, day_axis, colour, 0.32)]
    if seasons.height:
        panels.append(_bars(seasons, month_axis, colour, 0.5))
    return specification(alt.hconcat(*panels, spacing=14))


def _bars(
    rows: pl.DataFrame, axis: alt.Axis, colour: str, part: float
) -> alt.LayerChart | alt.FacetChart:
    order = list(rows["item"])
    x = alt.X("item:O", sort=order, axis=axis, scale=alt.Scale(paddingInner=0.25))
    share = alt.Axis(format=".0%", tickCount=4, title=None)
    base = alt.Chart(rows.select("item", "value", "usual"), width=WIDTH * part, height=105)
    bars = base.mark_bar(color=colour).encode(x=x, y=alt.Y("value:Q", axis=share))
    usual = base.mark_line(
        color=INK, strokeWidth=1.6, point=alt.OverlayMarkDef(size=12, color=INK)
    ).encode(x=x, y=alt.Y("usual:Q", axis=share))
    return alt.layer(bars, usual)
