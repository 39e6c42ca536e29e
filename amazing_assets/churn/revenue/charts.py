"""The plot of the value of customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.pictures import WIDTH, titled

if TYPE_CHECKING:
    import altair as alt

_TENTHS = 10


def value_by_tenth(rows: pl.DataFrame) -> alt.TopLevelMixin:
    """Return what each tenth of the customers is expected to spend, the likeliest spenders first.

    Args:
        rows: `CustomerValue` of a week.
    """
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    place = pl.col("expected_revenue").rank("ordinal", descending=True) - 1
    tenths = (
        rows.with_columns(tenth=(place * _TENTHS // pl.len() + 1).cast(pl.Int64))
        .group_by("tenth")
        .agg(pl.col("expected_revenue").sum().alias("revenue"))
        .sort("tenth")
    )
    chart = (
        alt.Chart(tenths)
        .mark_bar(color="#4c78a8")
        .encode(
            x=alt.X("tenth:O", title="tenth of the customers, by expected revenue"),
            y=alt.Y("revenue:Q", title="expected revenue of 56 days"),
        )
        .properties(width=WIDTH, height=200)
    )
    return titled(chart, "What customers are expected to spend")
