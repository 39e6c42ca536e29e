"""What the demo shops sell: categories, products, brands, prices, promotions.

Within a category products are sorted by price, and a product owns an interval of [0, 1) as wide
as its popularity. A customer's taste is therefore one number, a quantile: looking it up gives a
product, and popularity and price curves come out as planned whoever looks.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from amazing_assets.demo.chance import Flags, Floats, Ints, spaced_ids
from amazing_assets.demo.taxonomy import COSMETICS, MULTICAT, Category

Dialect = Literal["multicat", "cosmetics"]


@dataclass(frozen=True)
class Range:
    """The figures in which the two shops' ranges of goods differ."""

    categories: tuple[Category, ...]
    products: int
    price_sd: float  # of log price, within a category
    cents: tuple[int, int]  # cheapest and dearest
    null_brands: float


# Prices end at 2,574.07, a cap in the published months.
RANGES: dict[Dialect, Range] = {
    "multicat": Range(MULTICAT, 20_000, 0.75, (77, 257_407), 0.145),
    "cosmetics": Range(COSMETICS, 8_000, 1.0, (6, 32_778), 0.405),
}
# popularity ~ (rank + 12) ** -0.68: the top 1 % of products get .18 of the looks, 10 % get .46.
POPULARITY_SHIFT, POPULARITY_POWER = 12, 0.68
BRANDS_PER_CATEGORY = 14
PROMOTED, PROMOTION = 0.10, 0.85
NEARBY = 40  # products in order of price: further on, a discount no longer tempts
SYLLABLES = ("ka", "ro", "mi", "ten", "lu", "vas", "so", "nor", "bel", "ix", "da", "pri")
KNOWN_BRANDS = ("samsung", "apple", "xiaomi", "huawei", "oppo", "lg", "bosch", "sony", "lucente")


@dataclass(frozen=True)
class Catalogue:
    """Products sorted by category, then price; every array has one position per product."""

    product_id: Ints
    category: Ints
    cents: Ints
    brand: list[str | None]
    category_id: Ints  # from here on one position per category
    codes: tuple[list[str | None], list[str | None]]  # before and after the change of taxonomy
    category_weight: Floats
    bounds: Floats = field(repr=False)  # category number + upper end of the product's interval

    def find(self, category: Ints, quantile: Floats) -> Ints:
        """Return the product at a quantile of a category."""
        return np.searchsorted(self.bounds, category + quantile, side="right").astype(np.int64)

    def pick_categories(self, rng: np.random.Generator, count: int) -> Ints:
        """Return categories, each as often as it is popular."""
        ends = np.cumsum(self.category_weight)
        return np.searchsorted(ends[:-1], rng.random(count), side="right").astype(np.int64)

    @property
    def popularity(self) -> Floats:
        """Return the share of all looks that each product gets."""
        width = np.diff(self.bounds, prepend=0.0)
        return width * self.category_weight[self.category]

    def code_is_null(self, *, remapped: bool) -> Flags:
        """Return which products have no category code."""
        missing = np.array([code is None for code in self.codes[remapped]])
        return missing[self.category]

    @property
    def brand_is_null(self) -> Flags:
        """Which products have no brand."""
        return np.array([brand is None for brand in self.brand])

    def texts(self, *, remapped: bool) -> pl.Series:
        """Return each product's fields between the event type and the price, as written."""
        codes = np.array([code or "" for code in self.codes[remapped]])[self.category]
        fields = pl.DataFrame(
            {
                "product_id": self.product_id,
                "category_id": self.category_id[self.category],
                "category_code": codes,
                "brand": pl.Series(self.brand, dtype=pl.String).fill_null(""),
            }
        )
        return fields.select(pl.concat_str(pl.all(), separator=",")).to_series()


def build_catalogue(rng: np.random.Generator, dialect: Dialect) -> Catalogue:
    """Return the goods of a shop."""
    goods = RANGES[dialect]
    kinds = [kind for kind in goods.categories for _ in range(kind.ids)]
    weight = np.array([kind.weight / kind.ids for kind in kinds])
    weight *= rng.uniform(0.6, 1.4, len(kinds))
    weight /= weight.sum()
    sizes = 1 + rng.multinomial(
        goods.products - len(kinds), np.sqrt(weight) / np.sqrt(weight).sum()
    )
    category = np.repeat(np.arange(len(kinds)), sizes)
    median = np.array([kind.price for kind in kinds]) * np.exp(
        0.25 * rng.standard_normal(len(kinds))
    )
    cents = 100 * median[category] * np.exp(goods.price_sd * rng.standard_normal(len(category)))
    cents = np.clip(np.rint(cents), *goods.cents).astype(np.int64)
    return Catalogue(
        product_id=spaced_ids(rng, len(category), 1_004, 60_500_000),
        category=category,
        cents=cents[np.lexsort((cents, category))],
        brand=name_brands(rng, category, sizes, goods.null_brands),
        category_id=spaced_ids(
            rng, len(kinds), 2_053_013_550_000_000_000, 2_187_790_130_000_000_000
        ),
        codes=([kind.code or None for kind in kinds], [kind.later or None for kind in kinds]),
        category_weight=weight,
        bounds=interval_bounds(rng, category, weight),
    )


def interval_bounds(rng: np.random.Generator, category: Ints, weight: Floats) -> Floats:
    """Return where each product's interval ends, offset by its category's number."""
    rank = rng.permutation(len(category))
    popularity = (rank + POPULARITY_SHIFT) ** -POPULARITY_POWER
    total = np.bincount(category, popularity)
    ends = np.cumsum(popularity / total[category])
    # The sum over whole categories is a whole number: only rounding keeps it from being exact.
    last = np.flatnonzero(np.diff(category, append=len(weight)))
    ends[last] = category[last] + 1
    return ends


def name_brands(
    rng: np.random.Generator, category: Ints, sizes: Ints, nulls: float
) -> list[str | None]:
    """Return each product's brand; a brand has neighbouring prices, as brands do."""
    place = (np.arange(len(category)) - np.repeat(np.cumsum(sizes) - sizes, sizes)) / sizes[
        category
    ]
    band = np.clip(place + 0.05 * rng.standard_normal(len(category)), 0, 0.999)
    pool = brand_names(rng, 60 + 4 * len(sizes))
    offered = rng.integers(len(pool), size=(len(sizes), BRANDS_PER_CATEGORY))
    chosen = offered[category, (band * BRANDS_PER_CATEGORY).astype(np.int64)]
    missing = rng.random(len(category)) < nulls
    return [None if gone else pool[brand] for brand, gone in zip(chosen, missing, strict=True)]


def brand_names(rng: np.random.Generator, count: int) -> list[str]:
    """Return brand names, a few of them real and some with a dot, as in `bpw.style`."""
    parts = rng.choice(SYLLABLES, size=(count, 3))
    endings = rng.choice(("", "", "", "", ".style", ".pro"), size=count)
    return [*KNOWN_BRANDS, *("".join(p) + e for p, e in zip(parts, endings, strict=True))]


def promotions(rng: np.random.Generator, catalogue: Catalogue) -> tuple[Ints, Ints]:
    """Return a week's prices in cents, and for each product the nearest discounted one.

    The nearest is at the same price or above within the category, or the product itself.
    """
    count = len(catalogue.cents)
    promoted = rng.random(count) < PROMOTED
    cents = np.where(promoted, np.maximum(1, np.rint(PROMOTION * catalogue.cents)), catalogue.cents)
    itself = np.arange(count)
    nearest = np.where(promoted, itself, count - 1)
    nearest = np.minimum.accumulate(nearest[::-1])[::-1]
    same = catalogue.category[nearest] == catalogue.category
    return cents.astype(np.int64), np.where(same & (nearest - itself < NEARBY), nearest, itself)
