"""The monthly analysis as charts, each of `EventStatistics`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.events.contract import CLEAN_EVENT_TYPES
from amazing_assets.events.statistics.visitors import CUSTOMER_GROUPS
from amazing_assets.pictures import WIDTH, titled

if TYPE_CHECKING:
    import altair as alt


_NAMES = {
    "views": "view",
    "carts": "cart",
    "removes": "remove_from_cart",
    "purchases": "purchase",
    "returns": "return",
}

# Told apart by people who see no red or green as well.
_COLOURS = {
    "view": "#8a9ba8",
    "cart": "#4c78a8",
    "remove_from_cart": "#b8c4d0",
    "purchase": "#d9822b",
    "return": "#b04a3a",
}


def volume_by_day(statistics: pl.DataFrame) -> alt.TopLevelMixin:
    """Return the events of each day as a chart: views above, the rarer types below."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    rows = _volumes(statistics, "day").with_columns(pl.col("item").str.to_date())
    axis = alt.Axis(format="%-d %b", labelAngle=0, tickCount=10, title="day (UTC)", grid=False)
    # Ordinal, for on a time scale the bars of days are hairlines.
    day = alt.X("yearmonthdate(item):O", axis=axis, scale=alt.Scale(paddingInner=0.15))
    return _panels(rows, day, f"Events a day, {_month(statistics)}")


def volume_by_hour(statistics: pl.DataFrame) -> alt.TopLevelMixin:
    """Return the events of each hour of the day as a chart: views above, the rarer types below."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    axis = alt.Axis(labelAngle=0, title="hour of the day (UTC)", grid=False)
    hour = alt.X("item:O", axis=axis, scale=alt.Scale(paddingInner=0.15))
    title = f"Events by hour of the day, {_month(statistics)}"
    return _panels(_volumes(statistics, "hour"), hour, title)


def customers_by_events(statistics: pl.DataFrame) -> alt.TopLevelMixin:
    """Return who makes the events as a chart: customers by their number of events."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    measures = {"customers": "#8a9ba8", "events": "#4c78a8", "revenue": "#d9822b"}
    customers = statistics.filter(topic="customer")
    groups = customers.filter(pl.col("item").is_in(CUSTOMER_GROUPS))
    total = pl.col("value").sum().over("measure")
    rows = groups.with_columns(share=pl.when(total != 0).then(pl.col("value") / total))
    number = customers.filter(item="all", measure="customers")["value"].sum()
    colours = alt.Scale(domain=list(measures), range=list(measures.values()))
    axis = alt.Axis(labelAngle=0, title="events of a customer in the month", grid=False)
    chart = (
        alt.Chart(rows.select("item", "measure", "share"), width=WIDTH, height=260)
        .mark_bar()
        .encode(
            x=alt.X("item:O", sort=list(CUSTOMER_GROUPS), axis=axis),
            xOffset=alt.XOffset("measure:N", sort=list(measures)),
            y=alt.Y("share:Q", axis=alt.Axis(format="%", title="share of the month")),
            color=alt.Color(
                "measure:N", scale=colours, legend=alt.Legend(title=None, orient="top")
            ),
        )
    )
    title = f"{number:,.0f} customers by their number of events, {_month(statistics)}"
    return titled(chart, title)


def price_distribution(statistics: pl.DataFrame) -> alt.TopLevelMixin:
    """Return the spread of prices by event type as a chart: quantiles on a logarithmic axis."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    prices = statistics.filter(topic="price").pivot("measure", index="item", values="value")
    base = alt.Chart(prices.filter(pl.col("events") > 0), width=WIDTH, height=180).encode(
        y=alt.Y("item:N", sort=list(CLEAN_EVENT_TYPES), title=None),
        color=alt.Color("item:N", scale=_type_colours(), legend=None),
    )
    price = alt.Axis(title="price, currency of the shop (logarithmic)", format=",~r", tickCount=6)
    scale = alt.Scale(type="log", nice=False, padding=20)
    whisker = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("p5:Q", scale=scale, axis=price), x2="p95:Q"
    )
    box = base.mark_bar(size=22).encode(x=alt.X("p25:Q", scale=scale), x2="p75:Q")
    median = base.mark_tick(size=22, thickness=2, color="white").encode(
        x=alt.X("p50:Q", scale=scale), color=alt.value("white")
    )
    label = base.mark_text(dy=-19, fontSize=11).encode(
        x=alt.X("p50:Q", scale=scale),
        text=alt.Text("p50:Q", format=",.2f"),
        color=alt.value("#333333"),
    )
    title = f"Prices by event type, {_month(statistics)}"
    about = "line: 5 % to 95 %; bar: 25 % to 75 %; number: median"
    return titled(alt.layer(whisker, box, median, label), title, about)


def _month(statistics: pl.DataFrame) -> str:
    return f"{statistics['month'][0]:%B %Y}"


def _volumes(statistics: pl.DataFrame, topic: str) -> pl.DataFrame:
    """Columns `item`, `type` and `events`, without the types that did not occur."""
    events = pl.col("events").sum().over("type") > 0
    return (
        statistics.filter(pl.col("topic") == topic, pl.col("measure").is_in(_NAMES))
        .select("item", pl.col("measure").replace_strict(_NAMES).alias("type"), events="value")
        .filter(events)
    )


def _type_colours() -> alt.Scale:
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    return alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))


def _panels(rows: pl.DataFrame, x: alt.X, title: str) -> alt.TopLevelMixin:
    """Views above and, on a scale of their own, the types that are a few percent of them."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    seen = [name for name in CLEAN_EVENT_TYPES if name in set(rows["type"])]
    legend = alt.Legend(title=None, orient="top", values=seen)
    views = pl.col("type") == "view"
    panels = [
        alt.Chart(part, width=WIDTH, height=150)
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("events:Q", axis=alt.Axis(title=name, format="~s", tickCount=5, tickMinStep=1)),
            color=alt.Color("type:N", scale=_type_colours(), legend=legend),
        )
        for name, part in (("views", rows.filter(views)), ("other events", rows.filter(~views)))
        if part.height
    ]
    return titled(alt.vconcat(*panels), title)
