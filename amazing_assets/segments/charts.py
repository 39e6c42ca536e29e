"""The segments of a month as a picture."""

from __future__ import annotations

import polars as pl

from amazing_assets.pictures import WIDTH, png

_KINDS = {"a segment": "#4c78a8", "no segment": "#b8c4d0"}


def segment_sizes(assignments: pl.DataFrame) -> pl.DataFrame:
    """Return the customers of each segment, and of each reason for none, the largest first."""
    group = pl.coalesce(pl.format("({})", "reason"), "segment_name").alias("segment")
    without = pl.col("reason").is_not_null()
    kind = pl.when(without).then(pl.lit("no segment")).otherwise(pl.lit("a segment"))
    return (
        assignments.group_by(group, kind=kind)
        .agg(customers=pl.len())
        .with_columns(share=pl.col("customers") / pl.col("customers").sum())
        .sort("kind", "customers", "segment", descending=[False, True, False])
        .select("segment", "customers", "share", "kind")
    )


def sizes_of_segments(sizes: pl.DataFrame, month: str) -> bytes:
    """Return `segment_sizes` as a PNG."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    colours = alt.Scale(domain=list(_KINDS), range=list(_KINDS.values()))
    base = alt.Chart(sizes, width=WIDTH, height=alt.Step(26)).encode(
        y=alt.Y("segment:N", sort=sizes["segment"].to_list(), axis=alt.Axis(title=None)),
        x=alt.X("customers:Q", axis=alt.Axis(format="~s", tickMinStep=1, title="customers")),
    )
    bars = base.mark_bar().encode(color=alt.Color("kind:N", scale=colours, legend=None))
    labels = base.mark_text(align="left", dx=4, fontSize=11).encode(
        text=alt.Text("share:Q", format=".1%")
    )
    number = sizes["customers"].sum()
    return png(alt.layer(bars, labels), f"{number:,} customers by segment, end of {month}")
