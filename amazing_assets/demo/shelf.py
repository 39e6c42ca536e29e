"""The shop as customers find it on a day: prices, discounts, what sells, how eager they are."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from amazing_assets.demo.calendar import ORDINARY, TAXONOMY_CHANGE
from amazing_assets.demo.catalogue import Catalogue, Dialect, promotions
from amazing_assets.demo.chance import Floats, Ints, Purpose, generator

# In the multi-category store .333 of views, but .115 of carts and .206 of purchases, are of
# products without a code; no cart and .084 of purchases are of products without a brand.
UNCODED_CARTS, UNCODED_PURCHASES, UNBRANDED_PURCHASES = 0.26, 0.75, 0.9


@dataclass(frozen=True)
class Shelf:
    """One position per product, and the day's factors on carts per look, purchases per cart."""

    cents: Ints
    discounted: Ints  # the nearest product with a discount
    texts: pl.Series  # the fields between the event type and the price
    carts: Floats  # how much more often than average a look ends in the cart
    purchases: Floats  # and in a purchase without a cart
    eagerness: tuple[float, float]


def is_rearranged(day: date) -> bool:
    """Return whether the shelf of a day differs from the day before's, but for eagerness."""
    return day.weekday() == 0 or day == TAXONOMY_CHANGE


def arrange_shelf(seed: int, catalogue: Catalogue, dialect: Dialect, day: date) -> Shelf:
    """Return the shelf of a day, as if it was an ordinary one; prices change on Mondays."""
    week = day.toordinal() - day.weekday()
    cents, discounted = promotions(generator(seed, Purpose.PROMOTIONS, week), catalogue)
    remapped = day >= TAXONOMY_CHANGE
    everything_sells = np.ones(len(cents))
    carts, purchases = everything_sells, everything_sells
    if dialect == "multicat":
        uncoded, unbranded = catalogue.code_is_null(remapped=remapped), catalogue.brand_is_null
        carts = np.where(uncoded, UNCODED_CARTS, 1.0) * ~unbranded
        purchases = np.where(uncoded, UNCODED_PURCHASES, 1.0)
        purchases = purchases * np.where(unbranded, UNBRANDED_PURCHASES, 1.0)
    return Shelf(
        cents=cents,
        discounted=discounted,
        texts=catalogue.texts(remapped=remapped),
        carts=carts / np.average(carts, weights=catalogue.popularity),
        purchases=purchases / np.average(purchases, weights=catalogue.popularity),
        eagerness=ORDINARY[1:],
    )
