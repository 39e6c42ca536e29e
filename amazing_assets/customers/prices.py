"""Where a price stands: the price books of the windows as percentiles and medians.

Made once per snapshot, for the book is about products and the same for every shard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.customers.summaries import BINS_PER_LOG, price_bin, top_category
from amazing_assets.dates import WINDOWS, window_start

if TYPE_CHECKING:
    from datetime import date

# Of fewer prices neither a percentile nor a median says anything.
FEWEST_PRICES = 3


class Level(NamedTuple):
    """The price books of one level of the catalogue, ready to be looked up.

    Every bin between the lowest and the highest price of a key has a place, the filled and the
    empty, and so has one bin more at either end: a price is found by its place alone.

    Attributes:
        keys: Columns the level's key, `first_place`, `lowest_bin` and `highest_bin`, and per window
            `is_known`: the book has enough prices.
        places: Columns `place`, and per window `below` (the share of the key's prices below the
            bin) and `inside` (the share in it); null where the book has too few prices.
    """

    keys: pl.DataFrame
    places: pl.DataFrame


class PriceReference(NamedTuple):
    """The price book of every window.

    Attributes:
        categories: By `category_id`.
        known_categories: Those of which every window knows enough prices.
        top_categories: By `top_category`.
        products: Columns `product_id`, and per window `median_cents`; null: too few prices.
    """

    categories: Level
    known_categories: pl.Series
    top_categories: Level
    products: pl.DataFrame


def price_reference(price_book: pl.LazyFrame, as_of: date) -> PriceReference:
    """Return the reference prices of every window that ends at a date.

    Args:
        price_book: `PriceBook` of the history's months.
        as_of: The reference date.
    """
    counted = price_book.filter(pl.col("month") < pl.lit(as_of)).with_columns(
        pl.when(pl.col("month") >= window_start(as_of, months))
        .then("events")
        .otherwise(0)
        .alias(f"events_{months}m")
        for months in WINDOWS
    )
    categories = _level(_by_bin(counted, "category_id"), "category_id")
    known = [f"is_known_{months}m" for months in WINDOWS]
    return PriceReference(
        categories,
        categories.keys.filter(pl.all_horizontal(known))["category_id"],
        _level(_by_bin(counted, "top_category"), "top_category"),
        _medians(_by_bin(counted, "product_id")),
    )


def _by_bin(counted: pl.LazyFrame, key: str) -> pl.DataFrame:
    """The events of each window per key and filled bin, ascending."""
    bins = counted.drop_nulls(key).group_by(key, "price_bin")
    return bins.agg(pl.col("^events_.*$").sum()).sort(key, "price_bin").collect()


def _level(filled: pl.DataFrame, key: str) -> Level:
    keys = _keys(filled, key)
    every_bin = pl.int_ranges("lowest_bin", pl.col("highest_bin") + 1).alias("price_bin")
    places = (
        keys.select(key, every_bin)
        .explode("price_bin", empty_as_null=False)
        .join(filled, on=[key, "price_bin"], how="left", maintain_order="left")
        .with_columns(pl.col("^events_.*$").fill_null(0))
    )
    shares = [share for months in WINDOWS for share in _shares(key, f"_{months}m")]
    place = pl.int_range(pl.len(), dtype=pl.Int64).alias("place")
    return Level(keys, places.select(place, *shares))


def _keys(filled: pl.DataFrame, key: str) -> pl.DataFrame:
    width = pl.col("highest_bin") - pl.col("lowest_bin") + 1
    known = (
        (pl.col(f"events_{months}m").sum() >= FEWEST_PRICES).alias(f"is_known_{months}m")
        for months in WINDOWS
    )
    return (
        filled.group_by(key, maintain_order=True)
        .agg(
            (pl.col("price_bin").min() - 1).alias("lowest_bin"),
            (pl.col("price_bin").max() + 1).alias("highest_bin"),
            *known,
        )
        .with_columns(first_place=width.cum_sum() - width)
    )


def _shares(key: str, window: str) -> tuple[pl.Expr, pl.Expr]:
    """What share of the key's prices lies below each of its bins, and inside."""
    events = pl.col(f"events{window}")
    known = events.sum().over(key)
    below = events.cum_sum().over(key) - events
    is_known = known >= FEWEST_PRICES
    return (
        pl.when(is_known).then(below / known).alias(f"below{window}"),
        pl.when(is_known).then(events / known).alias(f"inside{window}"),
    )


def _medians(filled: pl.DataFrame) -> pl.DataFrame:
    medians = filled.select(pl.col("product_id").unique(maintain_order=True))
    for months in WINDOWS:
        of_window = _medians_of(filled, f"_{months}m")
        medians = medians.join(of_window, on="product_id", how="left", maintain_order="left")
    return medians


def _medians_of(filled: pl.DataFrame, window: str) -> pl.DataFrame:
    """The median price of each product, interpolated within its bin on the logarithmic scale."""
    events, up_to = pl.col(f"events{window}"), pl.col("up_to")
    half = pl.col("known") / 2
    inside = (half - (up_to - events)) / events
    median = ((pl.col("price_bin") + inside) / BINS_PER_LOG).exp()
    return (
        filled.with_columns(
            up_to=events.cum_sum().over("product_id"), known=events.sum().over("product_id")
        )
        .filter(pl.col("known") >= FEWEST_PRICES, events > 0, up_to >= half)
        .group_by("product_id", maintain_order=True)
        .agg(median.first().alias(f"median_cents{window}"))
    )


def percentiles(prices: pl.LazyFrame, reference: PriceReference) -> pl.LazyFrame:
    """Return prices with the share of their category's prices that lies below them.

    Args:
        prices: With columns `category_id`, `category_code` and `cents` (Float64).
        reference: The price books.

    Returns:
        The same rows, in any order, with `percentile` of each window, from 0 to 1; null where the
        category does not have three prices. Rows of such a category come a second time, with
        `is_second` and what the top-level category makes of them; null where that has none either.
    """
    known = (pl.col(f"is_known_{months}m").fill_null(value=False) for months in WINDOWS)
    only_unknown = (
        pl.when(~is_known).then(f"percentile_{months}m")
        for months, is_known in zip(WINDOWS, known, strict=True)
    )
    further_up = _in_doubt(prices, reference)
    placed = (
        _placed(prices, reference.categories, "category_id").with_columns(is_second=False),
        _placed(further_up, reference.top_categories, "top_category").with_columns(
            *only_unknown, is_second=True
        ),
    )
    return pl.concat(placed, how="diagonal")


def _placed(prices: pl.LazyFrame, level: Level, key: str) -> pl.LazyFrame:
    """Look every price up by its place."""
    bin_of_price = price_bin(pl.col("cents"))
    bin_of_key = bin_of_price.clip("lowest_bin", "highest_bin") - pl.col("lowest_bin")
    part = pl.col("cents").log() * BINS_PER_LOG - bin_of_price
    keys = level.keys.lazy().select(key, "first_place", "lowest_bin", "highest_bin")
    return (
        prices.join(keys, on=key, how="left")
        .with_columns(place=pl.col("first_place") + bin_of_key, part=part)
        .join(level.places.lazy(), on="place", how="left")
        .with_columns(
            (pl.col(f"below_{months}m") + pl.col("part") * pl.col(f"inside_{months}m")).alias(
                f"percentile_{months}m"
            )
            for months in WINDOWS
        )
    )


def _in_doubt(prices: pl.LazyFrame, reference: PriceReference) -> pl.LazyFrame:
    """Prices of categories with too few prices in some window: next to none of them all."""
    category = pl.col("category_id")
    # A filter and no join: of all other rows nothing more than the category is read.
    rows = prices.filter(category.is_null() | ~category.is_in(reference.known_categories.implode()))
    known = [f"is_known_{months}m" for months in WINDOWS]
    keys = reference.categories.keys.lazy().select("category_id", *known)
    return rows.join(keys, on="category_id", how="left").with_columns(top_category())
