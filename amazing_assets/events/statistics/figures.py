"""From added-up counts to figures: sums by item, shares, exact quantiles, days and slots."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from amazing_assets.dates import as_of, first_day
from amazing_assets.events.contract import CLEAN_EVENT_TYPES
from amazing_assets.events.statistics.counts import SLOT_SECONDS

# A row of `EventStatistics` but for the month.
FIGURES = pl.Schema(
    {"topic": pl.String, "item": pl.String, "measure": pl.String, "value": pl.Float64}
)

PERCENTS = (1, 5, 10, 25, 50, 75, 90, 95, 99)

_PLURALS = ("views", "carts", "removes", "purchases", "returns")


def figures(topic: str, frame: pl.DataFrame, item: str, **measures: pl.Expr) -> pl.DataFrame:
    """Return rows of `EventStatistics` but for the month: each measure of each row of a frame."""
    values = [measure.cast(pl.Float64).alias(name) for name, measure in measures.items()]
    return (
        frame.select(pl.col(item).cast(pl.String).alias("item"), *values)
        .with_row_index()
        .unpivot(index=["index", "item"], variable_name="measure", value_name="value")
        .sort("index", maintain_order=True)
        .select(pl.lit(topic).alias("topic"), "item", "measure", "value")
    )


def figure(topic: str, item: str, **measures: float | None) -> pl.DataFrame:
    """Return the measures of a single item."""
    values = {name: pl.lit(value, dtype=pl.Float64) for name, value in measures.items()}
    return figures(topic, pl.DataFrame({"item": [item]}), "item", **values)


def sums(totals: pl.DataFrame, topic: str, by: str, *measures: str) -> pl.DataFrame:
    """Return the sum of each measure of a topic, a column each, by item or by number."""
    rows = totals.filter(pl.col("topic") == topic)
    return rows.group_by(by).agg(_sum_of(measure) for measure in measures).sort(by)


def whole(totals: pl.DataFrame, topic: str, *measures: str) -> dict[str, int]:
    """Return the sum of each measure over a whole topic."""
    rows = totals.filter(pl.col("topic") == topic)
    return rows.select(_sum_of(measure) for measure in measures).row(0, named=True)


def by_type(totals: pl.DataFrame, topic: str, *measures: str) -> pl.DataFrame:
    """Return the sum of each measure by event type, zero for a type that did not occur."""
    known = sums(totals, topic, "item", *measures)
    types = pl.DataFrame({"item": CLEAN_EVENT_TYPES})
    return types.join(known, on="item", how="left", maintain_order="left").fill_null(0)


def share(part: pl.Expr, all_: pl.Expr) -> pl.Expr:
    """A part as a fraction of all; null of nothing."""
    return pl.when(all_ != 0).then(part / all_)


def ratio(part: float, all_: float) -> float | None:
    """Return a part as a fraction of all; None of nothing."""
    return part / all_ if all_ else None


def money(cents: pl.Expr) -> pl.Expr:
    """An amount of whole cents in the shop's currency."""
    # Polars multiplies by 0.01 instead of dividing by 100: 95 cents become 0.9500000000000001.
    return (cents / 100).round(2)


def spread(at: str, count: str) -> dict[str, pl.Expr]:
    """Return mean, quantiles and extremes of counted numbers, which must be in ascending order.

    The quantile p50 is the smallest number that at least half of the cases do not exceed: whole
    numbers are compared, so it is exact.
    """
    number, cases = pl.col(at), pl.col(count)
    quantiles = {
        f"p{percent}": number.filter(cases.cum_sum() * 100 >= percent * cases.sum()).first()
        for percent in PERCENTS
    }
    mean = share((number * cases).sum(), cases.sum())
    return {"mean": mean, "min": number.first(), **quantiles, "max": number.last()}


def slots(totals: pl.DataFrame, month: str) -> pl.DataFrame:
    """Return all slots of a month: `start`, events of each type, `events`, `sessions` begun."""
    start, end = first_day(month), as_of(month)
    grid = pl.datetime_range(
        start, end, timedelta(seconds=SLOT_SECONDS), closed="left", time_unit="us", eager=True
    )
    rows = totals.filter(pl.col("topic") == "slot").with_columns(start=pl.from_epoch("at"))
    types = [
        pl.col("count").filter(pl.col("item") == kind).sum().alias(plural)
        for kind, plural in zip(CLEAN_EVENT_TYPES, _PLURALS, strict=True)
    ]
    counted = rows.group_by(pl.col("start").cast(pl.Datetime("us"))).agg(
        *types, _sum_of("events"), _sum_of("sessions")
    )
    return (
        grid.alias("start").to_frame().join(counted, on="start", how="left", maintain_order="left")
    ).fill_null(0)


def days(totals: pl.DataFrame, by_slot: pl.DataFrame) -> pl.DataFrame:
    """Return all days of a month: `day`, events of each type, `events`, `customers`, `buyers`."""
    people = sums(totals, "day", "at", "customers", "buyers")
    day = pl.from_epoch("at").dt.date().alias("day")
    events = by_slot.group_by(pl.col("start").dt.date().alias("day"), maintain_order=True).agg(
        pl.col(*_PLURALS, "events").sum()
    )
    counted = people.select(day, "customers", "buyers")
    return events.join(counted, on="day", how="left", maintain_order="left").fill_null(0)


def _sum_of(measure: str) -> pl.Expr:
    return pl.col("count").filter(pl.col("measure") == measure).sum().alias(measure)
