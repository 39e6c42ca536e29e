"""The evidence about the threshold as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.pictures import WIDTH, titled
from amazing_assets.segments.threshold.choice import LEAST_KAPPA, chosen

if TYPE_CHECKING:
    import altair as alt

_KAPPA = "#4c78a8"

_KEPT = {"users_kept": "#8a9ba8", "events_kept": "#4c78a8", "revenue_kept": "#d9822b"}

_NAMES = {"users_kept": "customers", "events_kept": "events", "revenue_kept": "revenue"}


def reliability(evidence: pl.DataFrame) -> alt.TopLevelMixin:
    """Return `EventThreshold` as a chart: agreement of the halves above, what is kept below."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    events = alt.Scale(type="log", nice=False)
    halves = evidence.filter(experiment="test_retest").drop_nulls("value")
    bins = halves.select("at_least", "value", "lower")
    x = alt.X("at_least:Q", scale=events, axis=alt.Axis(title="events in a half, from"))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title="Cohen's kappa"))
    base = alt.Chart(bins, width=WIDTH, height=200).encode(x=x)
    limit = alt.Chart(pl.DataFrame({"value": [LEAST_KAPPA]})).mark_rule(strokeDash=[4, 4])
    agreement = alt.layer(
        base.mark_rule(color=_KAPPA, strokeWidth=2).encode(y=y, y2="lower:Q"),
        base.mark_line(color=_KAPPA, point=True).encode(y=y),
        limit.encode(y="value:Q"),
    )
    covered = evidence.filter(experiment="coverage").drop_nulls("value")
    kept = covered.select(
        "at_least", pl.col("measure").replace_strict(_NAMES).alias("of"), share="value"
    )
    colours = alt.Scale(domain=list(_NAMES.values()), range=list(_KEPT.values()))
    share = alt.Axis(title="kept", format="%")
    coverage = (
        alt.Chart(kept, width=WIDTH, height=160)
        .mark_line(point=True)
        .encode(
            x=alt.X("at_least:Q", scale=events, axis=alt.Axis(title="events in the history, from")),
            y=alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=share),
            color=alt.Color("of:N", scale=colours, legend=alt.Legend(title=None, orient="top")),
        )
    )
    choice = chosen(evidence)
    panels = [part for part, rows in ((agreement, bins), (coverage, kept)) if rows.height]
    about = "rule: 95 % lower bound; dashed: what is wanted" if panels else "no experiment was run"
    title = f"A segment is claimed from {choice.events} events on"
    return titled(alt.vconcat(*panels), title, about)
