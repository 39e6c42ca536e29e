"""Pictures of how the model was chosen and how well it is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from amazing_assets.delivery.report.charts.drawing import INK, PALE, WIDTH, specification
from amazing_assets.delivery.report.segments import GREY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.language.language import Language

CHOSEN = "#c2500a"
MEASURES = ("silhouette", "prediction_strength")


def by_number_of_segments(candidates: pl.DataFrame, language: Language) -> dict[str, Any]:
    """Return silhouette and prediction strength of every family over the number of segments.

    Args:
        candidates: Columns `candidate`, `k`, `chosen` and those of `MEASURES`.
        language: Of the labels.
    """
    panels = [_family_lines(candidates, measure, language) for measure in MEASURES]
    return specification(alt.hconcat(*panels, spacing=22))


def _family_lines(
    candidates: pl.DataFrame, measure: str, language: Language
) -> alt.LayerChart | alt.FacetChart:
    family = candidates.filter("chosen")["candidate"].to_list()
    rows = candidates.drop_nulls(measure).select(
        "candidate",
        "k",
        "chosen",
        pl.col(measure).alias("value"),
        is_family=pl.col("candidate").is_in(family),
    )
    axis = alt.Axis(title=language.say("choice.k_axis"), tickMinStep=1, grid=False, format="d")
    x = alt.X("k:Q", axis=axis, scale=alt.Scale(zero=False, nice=False, padding=8))
    title = language.say(f"choice.{measure}")
    y = alt.Y(
        "value:Q", axis=alt.Axis(title=title, format=".2f", tickCount=5), scale=alt.Scale(zero=True)
    )
    base = alt.Chart(rows, width=(WIDTH - 40) / 2, height=180)
    several = pl.len().over("candidate") > 1
    lines = (
        alt.Chart(rows.filter(several), width=(WIDTH - 40) / 2, height=180)
        .mark_line()
        .encode(
            x=x,
            y=y,
            detail="candidate:N",
            color=alt.condition("datum.is_family", alt.value(CHOSEN), alt.value(PALE)),
            strokeWidth=alt.condition("datum.is_family", alt.value(2.4), alt.value(1.2)),
        )
    )
    points = base.mark_circle(size=26, opacity=1).encode(
        x=x, y=y, color=alt.condition("datum.is_family", alt.value(CHOSEN), alt.value(GREY))
    )
    ring = (
        base.transform_filter("datum.chosen")
        .mark_point(size=150, color=CHOSEN, strokeWidth=2.2, filled=False)
        .encode(x=x, y=y)
    )
    label = (
        base.transform_filter("datum.chosen")
        .mark_text(dy=-16, color=CHOSEN, fontWeight="bold")
        .encode(x=x, y=y, text="candidate:N")
    )
    return alt.layer(lines, points, ring, label)


def curves(
    rows: pl.DataFrame, x_title: str, wanted: tuple[int, float] | None = None
) -> dict[str, Any]:
    """Return lines over a number of events, on a logarithmic axis.

    Args:
        rows: Columns `events`, `name` and `value` (a fraction of 1).
        x_title: Of the axis of events.
        wanted: The number of events that was chosen and the value that is wanted, drawn as rules.
    """
    x = alt.X(
        "events:Q",
        axis=alt.Axis(title=x_title, grid=False, format="d", tickCount=6),
        scale=alt.Scale(type="log", nice=False, padding=8),
    )
    y = alt.Y("value:Q", axis=alt.Axis(title=None, format=".0%", tickCount=5))
    palette = ["#0b6aa6", "#c2500a", "#00795c", "#5a4b9c"]
    colour = alt.Color("name:N", scale=alt.Scale(range=palette), sort=None)
    lines = (
        alt.Chart(rows, width=WIDTH, height=180)
        .mark_line(point=True, strokeWidth=2)
        .encode(x=x, y=y, color=colour)
    )
    if wanted is None:
        return specification(lines)
    marks = alt.Chart(pl.DataFrame([wanted], schema=["events", "value"], orient="row"))
    rule = marks.mark_rule(color=INK, strokeDash=[4, 3])
    return specification(alt.layer(lines, rule.encode(y=y), rule.encode(x=x)))


def confusion(
    cells: pl.DataFrame, segments: Sequence[Segment], titles: tuple[str, str]
) -> dict[str, Any]:
    """Return who is put where, each row of the model's adding up to one.

    Args:
        cells: Columns `segment`, `segment_by_rules`, `share` and `shown` (text).
        segments: In order.
        titles: Of the rules' and of the model's axis.
    """
    labels = {each.number: each.label for each in segments}
    named = cells.with_columns(
        pl.col("segment", "segment_by_rules").replace_strict(labels, return_dtype=pl.String)
    )
    order = list(labels.values())
    base = alt.Chart(named, width=WIDTH - 40, height=34 * len(order)).encode(
        x=alt.X(
            "segment_by_rules:N",
            sort=order,
            scale=alt.Scale(domain=order),
            axis=alt.Axis(title=titles[0], orient="top", labelAngle=-35, domain=False, ticks=False),
        ),
        y=alt.Y(
            "segment:N",
            sort=order,
            scale=alt.Scale(domain=order),
            axis=alt.Axis(title=titles[1], domain=False, ticks=False),
        ),
    )
    squares = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "share:Q",
            scale=alt.Scale(domain=[0, 1], range=["#f4f6f8", "#0b5c94"]),
            legend=None,
        )
    )
    numbers = base.mark_text(fontSize=11).encode(
        text="shown:N",
        color=alt.condition("datum.share > 0.5", alt.value("white"), alt.value(INK)),
    )
    return specification(alt.layer(squares, numbers))


def roc(
    points: pl.DataFrame, segments: Sequence[Segment], titles: tuple[str, str]
) -> dict[str, Any]:
    """Return the ROC curve of each segment.

    Args:
        points: Columns `segment`, `false_positive_rate` and `true_positive_rate`.
        segments: In order.
        titles: Of the two axes.
    """
    labels = {each.number: each.label for each in segments}
    named = points.filter(pl.col("segment").is_in(list(labels))).with_columns(
        pl.col("segment").replace_strict(labels, return_dtype=pl.String)
    )
    colours = alt.Scale(domain=list(labels.values()), range=[each.colour for each in segments])
    legend = alt.Legend(columns=1, orient="right")
    share: dict[str, Any] = {"format": ".0%", "tickCount": 5}
    x = alt.X("false_positive_rate:Q", axis=alt.Axis(title=titles[0], **share))
    y = alt.Y("true_positive_rate:Q", axis=alt.Axis(title=titles[1], **share))
    lines = (
        alt.Chart(named, width=WIDTH - 150, height=190)
        .mark_line(strokeWidth=1.8)
        .encode(
            x=x,
            y=y,
            order="false_positive_rate:Q",
            color=alt.Color("segment:N", scale=colours, legend=legend),
        )
    )
    chance = pl.DataFrame({"false_positive_rate": [0.0, 1.0], "true_positive_rate": [0.0, 1.0]})
    diagonal = alt.Chart(chance).mark_line(color=PALE, strokeDash=[4, 3]).encode(x=x, y=y)
    return specification(alt.layer(diagonal, lines))
