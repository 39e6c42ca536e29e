"""A month's events as three summaries that add up, so that old events are never read again.

A snapshot over many months is made of their summaries: every measure is a sum, a minimum, a
maximum or a set, and every number a whole number, so the order of adding changes nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.contract import PriceBook, Sessions, UserProducts
from amazing_assets.events.clean import session_key
from amazing_assets.events.contract import EVENT_TYPES, RETURN
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable

STEPS = dict(zip(EVENT_TYPES, ("view", "cart", "remove", "purchase"), strict=True))

# Whole numbers add up exactly in any order, floats do not. No sum can wrap: a price is at most 1e9
# cents, so that the cents of the 5e8 events of seven months, of one customer or of all, stay below
# 5e17 of the 9e18 of an Int64. Four decimals of ln(price) are a hundredth of a percent of the
# price; squared they are at most 4.3e10, which 2e8 priced events of one customer may add up: more
# than all guests of a shop under one id.
LOG_SCALE = 10_000

# A bin of the price book is 1 % wide: discounts of 5 % and more are well above that.
BINS_PER_LOG = 100

_SESSION = ("user_id", "user_session", "quarter_hour")
_USER_PRODUCT = ("user_id", "product_id", "category_id", "category_code", "brand", "month")
_WORDS = ("category_code", "brand")
_PRICE = ("product_id", "category_id", "top_category", "month", "price_bin")


def summarise_sessions(clean_events: pl.LazyFrame) -> pl.LazyFrame:
    """Return `Sessions` of the events of one shard, of any stretch of time."""
    purchase_at = pl.when(_is("purchase")).then("event_time")
    quarters = clean_events.with_columns(
        *_by_type(),
        _log_price(),
        quarter_hour=pl.col("event_time").dt.truncate("15m"),
        purchase_at=purchase_at,
        bought=pl.when(_is("purchase")).then("product_id"),
        paid=pl.when(_is("purchase")).then("price_cents"),
    )
    log_price = pl.col("log_price")
    return (
        quarters.group_by(_SESSION)
        .agg(
            pl.col("event_time").min().alias("first_event_at"),
            pl.col("event_time").max().alias("last_event_at"),
            pl.col("purchase_at").min().alias("first_purchase_at"),
            pl.col("purchase_at").max().alias("last_purchase_at"),
            *_sums_by_type(),
            pl.col("returned_cents").sum(),
            pl.col("price_cents").count().cast(pl.Int64).alias("priced_events"),
            pl.col("paid").count().cast(pl.Int64).alias("priced_purchases"),
            log_price.sum().alias("log_price_sum"),
            (log_price * log_price).sum().alias("log_price_square_sum"),
            pl.col("is_crowded_session").any().alias("is_crowded"),
            # Different ones within the group: lists of all were twice the time of everything else.
            pl.col("product_id").unique().alias("products"),
            pl.col("bought").drop_nulls().unique().alias("bought_products"),
        )
        .with_columns(
            session_key("quarter_hour"), pl.col("products", "bought_products").list.sort()
        )
        .select(schema_of(Sessions).names())
        .sort(_SESSION)
    )


def summarise_user_products(clean_events: pl.LazyFrame, *, many: bool = True) -> pl.LazyFrame:
    """Return `UserProducts` of the events of one shard, of any stretch of time.

    Args:
        clean_events: `CleanEvents`.
        many: Worth reading once beforehand, for which words there are.
    """
    bit = pl.lit(1, pl.Int64) * 2 ** (pl.col("event_time").dt.day().cast(pl.Int64) - 1)
    day = bit.cast(pl.Int64)
    *product, _ = _USER_PRODUCT
    events = clean_events.select(*product, "event_time", "event_type", "price_cents")
    events = _with_enums(events, *_WORDS) if many else events
    return (
        events.with_columns(
            *_by_type(),
            month=pl.col("event_time").dt.date().dt.month_start(),
            day=day,
            day_bought=pl.when(_is("purchase")).then(day).otherwise(0),
            paid=pl.when(_is("purchase")).then("price_cents"),
        )
        .group_by(_USER_PRODUCT)
        .agg(
            *_sums_by_type(),
            pl.col("price_cents").count().cast(pl.Int64).alias("priced_events"),
            pl.col("paid").count().cast(pl.Int64).alias("priced_purchases"),
            pl.col("day").bitwise_or().alias("days_seen"),
            pl.col("day_bought").bitwise_or().alias("days_bought"),
            pl.col("event_time").min().alias("first_event_at"),
            pl.col("event_time").max().alias("last_event_at"),
        )
        .select(schema_of(UserProducts).names())
        .sort(_USER_PRODUCT)
        .with_columns(pl.col(_WORDS).cast(pl.String))
    )


def summarise_prices(clean_events: pl.LazyFrame) -> pl.LazyFrame:
    """Return `PriceBook` of some events; `combine_prices` puts the books of shards together."""
    return (
        clean_events.filter(pl.col("price_cents").is_not_null())
        .select(
            "product_id",
            "category_id",
            top_category(),
            month=pl.col("event_time").dt.date().dt.month_start(),
            price_bin=price_bin(pl.col("price_cents")),
        )
        .group_by(_PRICE)
        .agg(events=pl.len().cast(pl.Int64))
    )


def combine_sessions(parts: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the `Sessions` of several stretches of time; parts may share sessions and quarters."""
    names = schema_of(Sessions).names()
    kept = (*_SESSION, "is_crowded")
    sums = [n for n in names if n not in kept and not n.endswith(("_at", "products"))]
    return (
        pl.concat(parts)
        .group_by(_SESSION)
        .agg(
            pl.col("first_event_at", "first_purchase_at").min(),
            pl.col("last_event_at", "last_purchase_at").max(),
            pl.col(sums).sum(),
            pl.col("is_crowded").any(),
            pl.col("products", "bought_products").list.explode(
                keep_nulls=False, empty_as_null=False
            ),
        )
        .with_columns(pl.col("products", "bought_products").list.unique())
        .with_columns(pl.col("products", "bought_products").list.sort())
        .select(names)
        .sort(_SESSION)
    )


def combine_user_products(parts: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the `UserProducts` of several stretches of time; parts may share products and days."""
    names = schema_of(UserProducts).names()
    days = ("days_seen", "days_bought")
    sums = [n for n in names if n not in (*_USER_PRODUCT, *days) and not n.endswith("_at")]
    return (
        pl.concat(parts)
        .group_by(_USER_PRODUCT)
        .agg(
            pl.col(sums).sum(),
            pl.col(days).bitwise_or(),
            pl.col("first_event_at").min(),
            pl.col("last_event_at").max(),
        )
        .select(names)
        .sort(_USER_PRODUCT)
    )


def combine_prices(parts: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the `PriceBook` of several shards or stretches of time."""
    combined = pl.concat(parts).group_by(_PRICE).agg(pl.col("events").sum())
    return combined.select(schema_of(PriceBook).names()).sort(_PRICE)


def top_category() -> pl.Expr:
    """The first part of the category's path."""
    code = pl.col("category_code")
    # By bytes, as `find` counts: a third of the time of splitting the text.
    first = code.cast(pl.Binary).bin.head(code.str.find(".", literal=True)).cast(pl.String)
    return pl.coalesce(first, code).alias("top_category")


def price_bin(cents: pl.Expr) -> pl.Expr:
    """The 1 % wide bin of a price in cents."""
    return (cents.log() * BINS_PER_LOG).floor().cast(pl.Int64)


def _with_enums(events: pl.LazyFrame, *columns: str) -> pl.LazyFrame:
    """Rows whose texts of few words are numbers: a tenth faster to group, and sorted alike.

    Collected, for which words there are only the rows say.
    """
    known = events.collect()
    words = {name: known[name].unique().drop_nulls().sort() for name in columns}
    return known.lazy().with_columns(pl.col(n).cast(pl.Enum(words[n])) for n in columns)


def _is(event_type: str) -> pl.Expr:
    return pl.col("event_type") == event_type


def _by_type() -> list[pl.Expr]:
    """Per step of the funnel a 0 or 1 and the price, so that sums count them."""
    types = STEPS | {RETURN: "return"}
    counts = [_is(kind).cast(pl.Int64).alias(f"{step}s") for kind, step in types.items()]
    cents = [
        pl.when(_is(kind)).then("price_cents").otherwise(0).alias(f"{step}_cents")
        for kind, step in STEPS.items()
    ]
    return counts + cents


def _sums_by_type() -> list[pl.Expr]:
    steps = STEPS.values()
    counts = [pl.col(f"{step}s").sum() for step in (*steps, "return")]
    return counts + [pl.col(f"{step}_cents").sum() for step in steps]


def _log_price() -> pl.Expr:
    """ln(price in cents) as a whole number; null without a price."""
    return (pl.col("price_cents").log(math.e) * LOG_SCALE).round().cast(pl.Int64).alias("log_price")
