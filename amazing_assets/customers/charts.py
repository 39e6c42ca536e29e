"""All customers of a month in a few figures and one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.pictures import WIDTH, titled

if TYPE_CHECKING:
    import altair as alt

_BUYERS = {True: "have bought", False: "have not"}
_COLOURS = ("#d9822b", "#8a9ba8")


def portrait(features: pl.LazyFrame) -> pl.DataFrame:
    """Return columns `figure` and `value` of some `UserFeatures`; medians are over customers."""
    median = {
        "events, median": "n_events_history",
        "days since the last visit, median": "recency_days",
        "days known, median": "tenure_days",
        "sessions of two months, median": "number_of_sessions_2m",
    }
    figures = features.select(
        pl.len().alias("customers"),
        pl.col("has_purchased").mean().alias("share who have bought"),
        pl.col("is_bot_suspect").sum().alias("likely robots"),
        *(pl.col(column).median().alias(name) for name, column in median.items()),
        pl.col("total_purchase_value").sum().alias("value bought"),
    )
    counted = figures.select(pl.all().cast(pl.Float64)).collect(engine="streaming")
    return counted.unpivot(variable_name="figure", value_name="value")


def weeks_away(features: pl.LazyFrame) -> pl.DataFrame:
    """Return how many customers were last seen how many weeks ago, buyers and others apart."""
    weeks = (pl.col("recency_days") // 7).alias("weeks")
    counted = features.group_by(weeks, buyer="has_purchased").agg(customers=pl.len())
    return counted.sort("weeks", "buyer").collect(engine="streaming")


def customers_by_weeks_away(counted: pl.DataFrame, when: str) -> alt.TopLevelMixin:
    """Return `weeks_away` as a chart."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    rows = counted.with_columns(
        buyer=pl.col("buyer").replace_strict(_BUYERS, return_dtype=pl.String)
    )
    names = list(_BUYERS.values())
    axis = alt.Axis(labelAngle=0, title="weeks since the last visit", grid=False)
    chart = (
        alt.Chart(rows, width=WIDTH, height=220)
        .mark_bar()
        .encode(
            x=alt.X("weeks:O", axis=axis, scale=alt.Scale(paddingInner=0.15)),
            y=alt.Y("customers:Q", axis=alt.Axis(format="~s", tickMinStep=1, title="customers")),
            color=alt.Color(
                "buyer:N",
                scale=alt.Scale(domain=names, range=list(_COLOURS)),
                legend=alt.Legend(title=None, orient="top"),
            ),
        )
    )
    number = counted["customers"].sum()
    return titled(chart, f"{number:,} customers by their last visit, {when}")
