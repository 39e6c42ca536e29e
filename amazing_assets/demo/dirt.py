"""The faults of real event files, planted: copies, missing sessions, prices that are none, returns.

What cannot be read at all is in `faults.py`.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from amazing_assets.demo.behaviour import CART, PURCHASE, VIEW
from amazing_assets.demo.calendar import CART_BURSTS
from amazing_assets.demo.catalogue import Dialect
from amazing_assets.demo.chance import Flags, Floats, Ints


@dataclass(frozen=True)
class DirtRates:
    """How dirty a shop's files are, per event of the type concerned."""

    zero_views: float
    negative_purchases: float
    null_sessions: float
    copied: tuple[float, float, float, float]  # views, carts, removals, purchases


# Multicat: 5 extra rows of 17,434 (4 views, 1 cart); cosmetics: 1,100 of 20,000, of which 1,019
# of 4,165 removals and 79 of 5,735 carts. 126 of some 10^6 cosmetics purchases are negative; ten
# times that here, so that a small world has one.
RATES: dict[Dialect, DirtRates] = {
    "multicat": DirtRates(0.001, 0.0, 2e-6, (2.3e-4, 6e-3, 0.0, 0.0)),
    "cosmetics": DirtRates(0.004, 0.001, 5e-5, (0.0, 0.008, 0.13, 7e-4)),
}
COPIES_MEAN, COPIES_MOST = 1.7, 77
# While the sale was on, 3 % of carts came several times, and one of them 78 times.
BURST_SHARE, BURST_MEAN = 0.03, 6.0
# Of purchases: some are given back, as a negative price, and some have no price; far more than in
# real files, so that a small world has some, and too few to change what a customer is like.
RETURNED, UNPRICED = 0.002, 0.001
# How a missing session is written: half of them as a word for nothing.
NO_SESSION = ("", "null", "NaN", "None", r"\N")
WORDED = 0.5
# Every month has at least one of each of these on the 2nd; a negative price only in cosmetics.
SURE_DAY = 2


def soil(
    rng: np.random.Generator, events: pl.DataFrame, dialect: Dialect, day: date
) -> pl.DataFrame:
    """Return a day's events, in no order, with wrong prices, missing sessions and copies."""
    if events.is_empty():
        return events
    rates, kind = RATES[dialect], events["kind"].to_numpy()
    sure = day.day == SURE_DAY
    zero = chosen(rng, kind == VIEW, rates.zero_views)
    negative = chosen(
        rng, kind == PURCHASE, rates.negative_purchases, sure=sure and dialect == "cosmetics"
    )
    nameless = chosen(rng, ~events["keeps_id"].to_numpy(), rates.null_sessions, sure=sure)
    cents = np.where(zero, 0, np.where(negative, -1, 1)) * events["cents"].to_numpy()
    soiled = events.with_columns(
        pl.Series("cents", cents, dtype=pl.Int32),
        # An empty session is zero: ids are drawn from 1 upwards.
        *(
            pl.Series(word, np.where(nameless, 0, events[word].to_numpy()))
            for word in ("high", "low")
        ),
    )
    times = 1 + copies(rng, kind, rates, bursts=day in CART_BURSTS)
    # Last, so that what is drawn before is what it was without them.
    whole = give_back(rng, soiled, sure=sure)
    return whole[np.repeat(np.arange(len(times)), times)]


def give_back(rng: np.random.Generator, events: pl.DataFrame, *, sure: bool) -> pl.DataFrame:
    """Return events of which some purchases are returns or have no price, and words for nothing."""
    cents, missing = events["cents"].to_numpy(), (events["low"] == 0).to_numpy()
    paid = (events["kind"] == PURCHASE).to_numpy() & (cents > 0)
    returned = chosen(rng, paid, RETURNED, sure=sure)
    unpriced = chosen(rng, paid & ~returned, UNPRICED, sure=sure)
    worded = chosen(rng, missing, WORDED, sure=sure)
    word = rng.integers(1, len(NO_SESSION), size=len(events), dtype=np.uint64)
    return events.with_columns(
        pl.Series("cents", np.where(unpriced, 0, np.where(returned, -cents, cents)), pl.Int32),
        # The other half of the id of a missing session says which word it is.
        pl.Series("high", np.where(worded, word, events["high"].to_numpy())),
    )


def chosen(rng: np.random.Generator, able: Flags, share: float, *, sure: bool = False) -> Flags:
    """Return a share of those that are able; at least one if that must be sure."""
    picked = able & (rng.random(len(able)) < share)
    if sure and not picked.any() and able.any():
        picked[rng.choice(np.flatnonzero(able))] = True
    return picked


def copies(rng: np.random.Generator, kind: Ints, rates: DirtRates, *, bursts: bool) -> Ints:
    """Return how many exact copies each event has besides itself."""
    share: Floats = np.array(rates.copied)[kind]
    extra = np.where(
        rng.random(len(kind)) < share, rng.geometric(1 / COPIES_MEAN, size=len(kind)), 0
    )
    carts = np.flatnonzero(kind == CART)
    if bursts and len(carts):
        burst = carts[rng.random(len(carts)) < BURST_SHARE]
        extra[burst] = rng.geometric(1 / BURST_MEAN, size=len(burst))
        extra[rng.choice(carts)] = COPIES_MOST
    return np.minimum(extra, COPIES_MOST)
