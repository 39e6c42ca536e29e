"""The figures of an ordinary month: volumes, prices, categories, brands, dirt."""

from __future__ import annotations

import polars as pl

from amazing_assets.events.contract import REASONS
from amazing_assets.events.statistics.counts import NULLABLE
from amazing_assets.events.statistics.figures import (
    by_type,
    figure,
    figures,
    money,
    share,
    spread,
    sums,
    whole,
)
from amazing_assets.events.statistics.visitors import (
    crowded_sessions,
    customers,
    funnel,
    sessions,
)

_LISTED = 20

# Items of the topics category and brand: what has no name, and all that are not listed.
NAMELESS, OTHERS = "(none)", "(other)"

_SALES = ("known_value", "unknown_value", "returns")


def usual_topics(
    totals: pl.DataFrame, by_slot: pl.DataFrame, daily: pl.DataFrame, reasons: pl.DataFrame
) -> list[pl.DataFrame]:
    """Return the figures of every topic that no other month and no anomaly enters.

    Args:
        totals: Added-up counts of the month.
        by_slot: What `slots` returns of them.
        daily: What `days` returns of them.
        reasons: Columns `reason` and `rows`: the rejected rows.
    """
    return [
        _quality(totals, int(reasons["rows"].sum())),
        _days(daily),
        _hours(by_slot),
        funnel(totals),
        _sales(totals),
        _prices(totals),
        _largest(totals, "category"),
        _largest(totals, "brand"),
        sessions(totals),
        crowded_sessions(totals),
        customers(totals),
        _nulls(totals),
        _duplicates(totals),
        _rejected(reasons),
    ]


def _quality(totals: pl.DataFrame, rejected_rows: int) -> pl.DataFrame:
    raw = whole(totals, "raw", "rows", "user_session")
    clean = whole(totals, "slot", "events")["events"]
    rows = {
        "raw_rows": raw["rows"],
        "clean_rows": clean,
        "duplicate_rows": raw["rows"] - clean,
        "rejected_rows": rejected_rows,
        "null_session_rows": raw["user_session"],
    }
    counted = pl.DataFrame({"item": list(rows), "rows": list(rows.values())})
    bots = whole(totals, "bots", "customers")
    return pl.concat(
        [
            figures("quality", counted, "item", rows=pl.col("rows")),
            figure("quality", "bot_suspects", **bots),
        ]
    )


def _days(daily: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in daily.columns if name != "day"]
    return figures("day", daily, "day", **{name: pl.col(name) for name in names})


def _hours(by_slot: pl.DataFrame) -> pl.DataFrame:
    hour = pl.col("start").dt.strftime("%H").alias("hour")
    names = [name for name in by_slot.columns if name != "start"]
    hourly = by_slot.group_by(hour).agg(pl.col(names).sum()).sort("hour")
    return figures("hour", hourly, "hour", **{name: pl.col(name) for name in names})


def _sales(totals: pl.DataFrame) -> pl.DataFrame:
    known = sums(totals, "sale", "item", "events", "customers", "cents")
    every = pl.DataFrame({"item": _SALES}).join(known, on="item", how="left", maintain_order="left")
    number = {name: pl.col(name).fill_null(0) for name in ("events", "customers")}
    # What is of unknown value has none, not one of zero.
    is_known = pl.col("item") != "unknown_value"
    cents = pl.when(is_known).then(money(pl.col("cents").fill_null(0)))
    return figures("sale", every, "item", **number, sum=cents)


def _prices(totals: pl.DataFrame) -> pl.DataFrame:
    counted = totals.filter(pl.col("topic") == "price").sort("at").rename({"count": "priced"})
    cents = (pl.col("at") * pl.col("priced")).sum().alias("sum")
    spreads = counted.group_by("item").agg(
        pl.col("priced").sum().alias("events"), cents, **spread("at", "priced")
    )
    raw = by_type(totals, "raw", "zero_rows", "negative_rows", "negative_cents")
    frame = raw.join(spreads, on="item", how="left", maintain_order="left").with_columns(
        pl.col("events", "sum").fill_null(0)
    )
    exact = [name for name in ("sum", *spread("at", "priced")) if name != "mean"]
    return figures(
        "price",
        frame,
        "item",
        events=pl.col("events"),
        mean=pl.col("mean") / 100,
        **{name: money(pl.col(name)) for name in exact},
        zero_rows=pl.col("zero_rows"),
        negative_rows=pl.col("negative_rows"),
        negative_sum=money(pl.col("negative_cents")),
    )


def _largest(totals: pl.DataFrame, topic: str) -> pl.DataFrame:
    counted = sums(totals, topic, "item", "events", "purchases", "revenue_cents")
    known = counted.drop_nulls("item").sort("events", "item", descending=[True, False])
    listed = pl.int_range(pl.len()) < _LISTED
    named = known.with_columns(item=pl.when(listed).then("item").otherwise(pl.lit(OTHERS)))
    unknown = counted.filter(pl.col("item").is_null()).with_columns(item=pl.lit(NAMELESS))
    frame = pl.concat([named, unknown]).group_by("item", maintain_order=True).sum()
    return figures(
        topic,
        frame,
        "item",
        events=pl.col("events"),
        purchases=pl.col("purchases"),
        revenue=money(pl.col("revenue_cents")),
    )


def _nulls(totals: pl.DataFrame) -> pl.DataFrame:
    """By column, and by column and event type, in the rows as delivered."""
    raw = by_type(totals, "raw", "rows", *NULLABLE)
    everything = raw.sum().with_columns(item=pl.lit(None, dtype=pl.String))
    by_column = pl.concat([everything, raw]).unpivot(
        on=NULLABLE, index=["item", "rows"], variable_name="column", value_name="nulls"
    )
    where = pl.concat_str("column", "item", separator="/", ignore_nulls=True)
    nulls = pl.col("nulls")
    return figures(
        "null",
        by_column.with_columns(where=where),
        "where",
        nulls=nulls,
        share=share(nulls, pl.col("rows")),
    )


def _duplicates(totals: pl.DataFrame) -> pl.DataFrame:
    raw, clean = by_type(totals, "raw_as_cleaned", "rows"), by_type(totals, "slot", "events")
    extra = pl.col("rows") - pl.col("events")
    return figures(
        "duplicate",
        raw.join(clean, on="item"),
        "item",
        rows=extra,
        share=share(extra, pl.col("rows")),
    )


def _rejected(reasons: pl.DataFrame) -> pl.DataFrame:
    found = reasons.with_columns(pl.col("reason").cast(pl.String))
    every = pl.DataFrame({"reason": REASONS}).join(
        found, on="reason", how="left", maintain_order="left"
    )
    return figures("rejected", every, "reason", rows=pl.col("rows").fill_null(0))
