"""Where a price stands: the price books of a window as percentiles and medians.

Made once per snapshot, for the book is about products and the same for every shard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.customers.summaries import BINS_PER_LOG, price_bin
from amazing_assets.dates import WINDOWS, window_start

if TYPE_CHECKING:
    from datetime import date

# Of fewer prices neither a percentile nor a median says anything.
FEWEST_PRICES = 3


class Level(NamedTuple):
    """The price books of one level of the catalogue, ready to be looked up.

    Attributes:
        bins: Columns `months`, the level's key, `price_bin` and `book`: the bin again, the events
            in it and those in the bins below it; by price_bin, as `join_asof` wants it.
        known: Columns `months`, the level's key and the events in all bins.
    """

    bins: pl.DataFrame
    known: pl.DataFrame


class PriceReference(NamedTuple):
    """The price book of every window.

    Attributes:
        categories: By `category_id`.
        top_categories: By `top_category`.
        products: Columns `months`, `product_id`, `median_cents`.
    """

    categories: Level
    top_categories: Level
    products: pl.DataFrame


def price_reference(price_book: pl.LazyFrame, as_of: date) -> PriceReference:
    """Return the reference prices of every window that ends at a date.

    Args:
        price_book: `PriceBook` of the history's months.
        as_of: The reference date.
    """
    windows = [
        price_book.filter(
            pl.col("month") >= window_start(as_of, months), pl.col("month") < pl.lit(as_of)
        ).with_columns(months=pl.lit(months, pl.Int8))
        for months in WINDOWS
    ]
    book = pl.concat(windows)
    return PriceReference(
        _level(book, "category_id"),
        _level(book, "top_category"),
        _medians(_cumulated(book, "product_id").collect()),
    )


def _level(book: pl.LazyFrame, key: str) -> Level:
    cumulated = _cumulated(book, key).collect()
    entry = pl.struct(pl.col("price_bin").alias("bin"), "events", "below").alias(f"book_{key}")
    known = pl.col("known").first().alias(f"known_{key}")
    return Level(
        cumulated.sort("price_bin").select("months", key, "price_bin", entry),
        cumulated.group_by("months", key).agg(known),
    )


def _cumulated(book: pl.LazyFrame, key: str) -> pl.LazyFrame:
    level, events = ("months", key), pl.col("events")
    return (
        book.drop_nulls(key)
        .group_by(*level, "price_bin")
        .agg(events.sum())
        .sort(*level, "price_bin")
        .with_columns(below=events.cum_sum().over(level) - events, known=events.sum().over(level))
        .filter(pl.col("known") >= FEWEST_PRICES)
    )


def _medians(products: pl.DataFrame) -> pl.DataFrame:
    """The median price of each product, interpolated within its bin on the logarithmic scale."""
    half = pl.col("known") / 2
    inside = (half - pl.col("below")) / pl.col("events")
    median = ((pl.col("price_bin") + inside) / BINS_PER_LOG).exp()
    return (
        products.filter(pl.col("below") + pl.col("events") >= half)
        .group_by("months", "product_id", maintain_order=True)
        .agg(median.first().alias("median_cents"))
    )


def percentiles(prices: pl.LazyFrame, reference: PriceReference) -> pl.LazyFrame:
    """Return prices with the share of their category's prices that lies below them.

    Args:
        prices: Columns `months`, `category_id`, `top_category` and `cents` (Float64).
        reference: The price books.

    Returns:
        The same rows, in any order, with `percentile` from 0 to 1; null where neither the category
        nor the top-level category has three prices.
    """
    bins = prices.with_columns(price_bin=price_bin(pl.col("cents"))).sort("price_bin")
    return (
        _looked_up(bins, reference.categories, "category_id")
        .pipe(_looked_up, reference.top_categories, "top_category")
        .with_columns(
            percentile=pl.coalesce(_percentile("category_id"), _percentile("top_category"))
        )
    )


def _looked_up(prices: pl.LazyFrame, level: Level, key: str) -> pl.LazyFrame:
    """Join the bin of the price, or the next filled one below it, and the size of the category."""
    by = ["months", key]
    return prices.join_asof(
        level.bins.lazy(), on="price_bin", by=by, strategy="backward", check_sortedness=False
    ).join(level.known.lazy(), on=by, how="left", maintain_order="left")


def _percentile(key: str) -> pl.Expr:
    book, known = pl.col(f"book_{key}").struct, pl.col(f"known_{key}")
    inside = pl.col("cents").log() * BINS_PER_LOG - pl.col("price_bin")
    # Above the highest filled bin below the price lies all of that bin.
    share = pl.when(book.field("bin") == pl.col("price_bin")).then(inside).otherwise(1.0)
    below = book.field("below") + share * book.field("events")
    # Cheaper than every price of the category: no bin at or below it, and nothing below.
    return pl.when(known.is_not_null()).then(below.fill_null(0.0) / known)
