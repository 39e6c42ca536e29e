"""The picture of how well what customers do next is foretold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from amazing_assets.delivery.report.charts.drawing import INK, WIDTH, specification

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.language.language import Language

ANSWERS, OTHERS = "#c2500a", "#8a9ba8"


def losses(found: pl.DataFrame, names: Mapping[str, str], language: Language) -> dict[str, Any]:
    """Return the loss of each model with its interval, the one that answers in another colour.

    Args:
        found: Columns `model`, `value`, `low`, `high` and `serves`, in the order to show.
        names: Of the models.
        language: Of the labels.
    """
    shown = found.select(
        pl.col("model").replace_strict(names, return_dtype=pl.String),
        "value",
        "low",
        "high",
        colour=pl.when("serves").then(pl.lit(ANSWERS)).otherwise(pl.lit(OTHERS)),
    )
    axis = alt.Axis(title=language.say("next_actions.axis"), tickCount=5)
    x = alt.X("value:Q", scale=alt.Scale(zero=False), axis=axis)
    y = alt.Y("model:N", sort=shown["model"].to_list(), axis=alt.Axis(title=None))
    base = alt.Chart(shown, width=WIDTH * 0.6).encode(y=y, color=alt.Color("colour:N", scale=None))
    return specification(
        alt.layer(
            base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", axis=axis), x2="high:Q"),
            base.mark_point(filled=True, size=60, stroke=INK).encode(x=x),
        )
    )
