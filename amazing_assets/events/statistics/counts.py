"""What is counted in one shard of a month, as whole numbers that add up over shards."""

from __future__ import annotations

import polars as pl

from amazing_assets.events.clean import clean_type, session_key
from amazing_assets.events.contract import CLEAN_EVENT_TYPES, RETURN
from amazing_assets.events.reading.floats import LARGEST_EXACT

# Short enough to see when an outage began; a month has 8 928 of them.
SLOT_SECONDS = 300

# Columns of raw events that may be null.
NULLABLE = ("category_id", "category_code", "brand", "user_session")

# `at` is the number that is counted (cents, seconds, an id); 0 where nothing but the item is. No
# sum can wrap: a price is at most 1e9 cents, and a month has some 1e8 rows.
TOTALS = pl.Schema(
    {
        "topic": pl.String,
        "item": pl.String,
        "measure": pl.String,
        "at": pl.Int64,
        "count": pl.Int64,
    }
)

_DAY_SECONDS = 86_400
_NOTHING = pl.lit(None, dtype=pl.String)
_ZERO = pl.lit(0, dtype=pl.Int64)


def count_shard(clean: pl.LazyFrame, raw: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Return all counts of a shard, each with the columns of `TOTALS`, not yet collected."""
    second = pl.col("event_time").dt.epoch("s").alias("second")
    price = pl.col("price_cents").fill_null(0)
    revenue = price * (pl.col("event_type") == "purchase")
    events = clean.with_columns(second, revenue_cents=revenue)
    sessions = _sessions(events)
    return [
        *_count_events(events),
        *_count_days(events),
        *_count_sessions(sessions),
        *_count_customers(sessions),
        *_count_sales(events),
        *_count_crowds(events),
        *_count_raw(raw),
    ]


def _tally(
    topic: str,
    frame: pl.LazyFrame,
    *,
    item: pl.Expr = _NOTHING,
    at: pl.Expr = _ZERO,
    **measures: pl.Expr,
) -> pl.LazyFrame:
    """The measures of each item and number, as rows of `TOTALS`."""
    counts = [measure.cast(pl.Int64).alias(name) for name, measure in measures.items()]
    return (
        frame.group_by(item.alias("item"), at.cast(pl.Int64).alias("at"))
        .agg(counts)
        .unpivot(index=["item", "at"], variable_name="measure", value_name="count")
        .with_columns(pl.col("item").cast(pl.String), topic=pl.lit(topic))
        .select(TOTALS.names())
    )


def _count_events(events: pl.LazyFrame) -> list[pl.LazyFrame]:
    """When events happened, at what price and on what."""
    kind, rows, revenue = pl.col("event_type"), pl.len(), pl.col("revenue_cents").sum()
    measures = {"events": rows, "purchases": (kind == "purchase").sum(), "revenue_cents": revenue}
    priced = events.filter(pl.col("price_cents").is_not_null())
    return [
        _tally("slot", events, item=kind, at=_slot("second"), events=rows),
        _tally("price", priced, item=kind, at=pl.col("price_cents"), events=rows),
        _tally("category", events, item=pl.col("category_code"), **measures),
        _tally("brand", events, item=pl.col("brand"), **measures),
    ]


def _count_days(events: pl.LazyFrame) -> list[pl.LazyFrame]:
    day = pl.col("second") // _DAY_SECONDS * _DAY_SECONDS
    bought = (pl.col("event_type") == "purchase").any().alias("bought")
    visits = events.group_by("user_id", day.alias("day")).agg(bought)
    counted = {"customers": pl.len(), "buyers": pl.col("bought").sum()}
    return [_tally("day", visits, at=pl.col("day"), **counted)]


def _sessions(events: pl.LazyFrame) -> pl.LazyFrame:
    """One row per customer and session."""
    types = [(pl.col("event_type") == kind).sum().alias(kind) for kind in CLEAN_EVENT_TYPES]
    return events.group_by("user_id", session_key("event_time")).agg(
        *types,
        pl.col("revenue_cents").sum(),
        pl.col("is_bot_suspect").any(),
        events=pl.len(),
        first=pl.col("second").min(),
        last=pl.col("second").max(),
    )


def _count_sessions(sessions: pl.LazyFrame) -> list[pl.LazyFrame]:
    number, buying = pl.len(), pl.col("purchase") > 0
    without_cart = (buying & (pl.col("cart") == 0)).sum()
    seconds = pl.col("last") - pl.col("first")
    return [
        _tally("slot", sessions, at=_slot("first"), sessions=number),
        _tally("sessions", sessions, buying_without_cart=without_cart, **_with_each_type()),
        _tally("session_events", sessions, at=pl.col("events"), sessions=number),
        _tally("session_seconds", sessions, at=seconds, sessions=number),
    ]


def _count_customers(sessions: pl.LazyFrame) -> list[pl.LazyFrame]:
    sums = pl.col(*CLEAN_EVENT_TYPES, "events", "revenue_cents").sum()
    customers = sessions.group_by("user_id").agg(sums, pl.col("is_bot_suspect").any())
    number, revenue = pl.len(), pl.col("revenue_cents").sum()
    counted = {"customers": number, "revenue_cents": revenue}
    bots = customers.filter("is_bot_suspect")
    return [
        _tally("customers", customers, **_with_each_type()),
        _tally("customer_events", customers, at=pl.col("events"), **counted),
        _tally("bots", bots, events=pl.col("events").sum(), **counted),
    ]


def _count_sales(events: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Purchases of known and of unknown value, and returns."""
    kind, price = pl.col("event_type"), pl.col("price_cents")
    known = pl.when(price.is_null()).then(pl.lit("unknown_value")).otherwise(pl.lit("known_value"))
    bought = events.filter(kind == "purchase")
    returned = events.filter(kind == RETURN)
    cents = {"cents": pl.col("revenue_cents").sum()}
    back = {"cents": pl.col("returned_cents").sum()}
    return [
        _tally("sale", frame, item=item, events=pl.len(), customers=_customers(), **money)
        for frame, item, money in ((bought, known, cents), (returned, pl.lit("returns"), back))
    ]


def _count_crowds(events: pl.LazyFrame) -> list[pl.LazyFrame]:
    """The sessions of too many customers by their id, for their customers lie in all shards."""
    crowded = events.filter("is_crowded_session")
    return [
        _tally("crowd", crowded, item=pl.col("user_session"), events=pl.len()),
        _tally("crowd_customers", crowded, customers=_customers()),
    ]


def _count_raw(raw: pl.LazyFrame) -> list[pl.LazyFrame]:
    """The dirt that cleaning takes away, and ids that a float cannot hold."""
    price = pl.col("price_cents")
    measures = {
        "rows": pl.len(),
        "zero_rows": (price == 0).sum(),
        "negative_rows": (price < 0).sum(),
        "negative_cents": price.clip(upper_bound=0).sum(),
        **{column: pl.col(column).null_count() for column in NULLABLE},
    }
    ids = [
        _tally(
            "id",
            raw.filter(pl.col(id_) > LARGEST_EXACT),
            item=pl.lit(id_),
            at=pl.col(id_),
            rows=pl.len(),
        )
        for id_ in ("category_id", "product_id")
    ]
    return [
        _tally("raw", raw, item=pl.col("event_type"), **measures),
        _tally("raw_as_cleaned", raw, item=clean_type(), rows=pl.len()),
        *ids,
    ]


def _with_each_type() -> dict[str, pl.Expr]:
    """How many have an event of each type."""
    return {kind: (pl.col(kind) > 0).sum() for kind in CLEAN_EVENT_TYPES}


def _customers() -> pl.Expr:
    return pl.col("user_id").n_unique()


def _slot(second: str) -> pl.Expr:
    return pl.col(second) // SLOT_SECONDS * SLOT_SECONDS
