"""What a training came to, as charts: how sure it may be, what it finds, what was searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.pictures import WIDTH, titled

if TYPE_CHECKING:
    import altair as alt

    from amazing_assets.churn.risk.training import Fitted

_TOLD, _TRUE = "#4c78a8", "#8a9ba8"


def pictures(fitted: Fitted) -> dict[str, alt.TopLevelMixin]:
    """Return the charts of a training, by what they show."""
    model = fitted.model
    return {
        "reliability": reliability(model.deciles, model.task),
        "precision": precisions(model.evaluation, model.name),
    }


def reliability(deciles: pl.DataFrame, task: str) -> alt.TopLevelMixin:
    """Return what was told against what happened, a point for each tenth of the customers."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    most = float(deciles.select(pl.max_horizontal("told", "happened").max()).item())
    scale = alt.Scale(domain=[0, most])
    x = alt.X("told:Q", scale=scale, axis=alt.Axis(title="told", format="%"))
    y = alt.Y("happened:Q", scale=scale, axis=alt.Axis(title="happened", format="%"))
    line = alt.Chart(pl.DataFrame({"told": [0.0, most], "happened": [0.0, most]}))
    points = alt.Chart(deciles, width=WIDTH / 2, height=WIDTH / 2).mark_circle(color=_TOLD, size=80)
    return titled(
        alt.layer(
            line.mark_line(color=_TRUE, strokeDash=[4, 4]).encode(x=x, y=y),
            points.encode(x=x, y=y),
        ),
        f"Who will {task}: told and happened",
        "tenths of the customers, weeks that judge; dashed: told and happened alike",
    )


def precisions(evaluation: pl.DataFrame, name: str) -> alt.TopLevelMixin:
    """Return the precision of everything that was compared, what answers in another colour."""
    import altair as alt  # noqa: PLC0415  as above

    shown = evaluation.filter(figure="pr_auc").sort("value", descending=True)
    shown = shown.with_columns(
        colour=pl.when(pl.col("model") == name).then(pl.lit(_TOLD)).otherwise(pl.lit(_TRUE))
    )
    axis = alt.Axis(title="precision over all who did it (PR-AUC), 95 % interval")
    base = alt.Chart(shown, width=WIDTH * 0.6).encode(
        y=alt.Y("model:N", sort=shown["model"].to_list(), axis=alt.Axis(title=None)),
        color=alt.Color("colour:N", scale=None),
    )
    drawn = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", axis=axis), x2="high:Q"),
        base.mark_point(filled=True, size=60).encode(x=alt.X("value:Q", axis=axis)),
    )
    return titled(drawn, "What tells most", "models beside baselines, weeks that judge")


def tenths(feedback: pl.DataFrame) -> alt.TopLevelMixin:
    """Return, of a week's feedback, what was told and happened in tenths of the customers."""
    import altair as alt  # noqa: PLC0415  as above

    shown = feedback.filter(pl.col("figure").is_in(["told", "happened"])).drop_nulls("value")
    drawn = (
        alt.Chart(shown.select("task", "figure", pl.col("item").cast(pl.Int64), "value"))
        .mark_line(point=True)
        .encode(
            x=alt.X("item:O", axis=alt.Axis(title="tenth, 1 the likeliest", labelAngle=0)),
            y=alt.Y("value:Q", axis=alt.Axis(title=None, format="%")),
            color=alt.Color(
                "figure:N",
                scale=alt.Scale(domain=["told", "happened"], range=[_TOLD, _TRUE]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            column=alt.Column("task:N", title=None),
        )
        .properties(width=WIDTH / 4, height=160)
    )
    return titled(drawn, "What was told and what happened", "customers by tenths")
