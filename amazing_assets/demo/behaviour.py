"""From looks to events: what is written down, in which second.

A look is a row of events, and `np.repeat` leads from one to the other. Two events of a session
never share second, type and product, so every exact duplicate in a file is a planted one.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from amazing_assets.demo.calendar import DAY
from amazing_assets.demo.catalogue import Dialect
from amazing_assets.demo.chance import Flags, Ints, counter
from amazing_assets.demo.choices import Looks, Shop, choose
from amazing_assets.demo.sessions import Sessions
from amazing_assets.demo.shelf import Shelf

VIEW, CART, REMOVE, PURCHASE = range(4)
EVENT_TYPES = ("view", "cart", "remove_from_cart", "purchase")
RETURN_DAYS = 60


@dataclass(frozen=True)
class Tempo:
    """The figures in which the two shops' sessions differ in time."""

    gap: float  # median seconds between two events
    gap_sd: float  # of its logarithm
    ties: float  # share of looks that begin in the second in which the last one ended
    returns: float  # share of sessions whose id comes back on another day


# Measured gaps, p50/75/90/95: 33/62/115/170 s; cosmetics 14/55/157/301 s with many ties.
TEMPI: dict[Dialect, Tempo] = {
    "multicat": Tempo(33.5, 0.98, 0.001, 0.002),
    "cosmetics": Tempo(24.0, 1.35, 0.04, 0.008),
}


def act(rng: np.random.Generator, shop: Shop, shelf: Shelf, sessions: Sessions) -> pl.DataFrame:
    """Return the events of the sessions that begin on a day, in no order."""
    tempo = TEMPI[shop.dialect]
    looks = choose(rng, shop, shelf, sessions)
    # Cosmetics: a session's purchases are one order, in one second, after everything else.
    ordered = looks.buy & (shop.dialect == "cosmetics")
    look, place, kind = spell_out(looks, looks.buy & ~ordered)
    events = np.bincount(looks.session[look], minlength=len(sessions))
    second = timeline(rng, tempo, sessions, events, ties(rng, tempo, looks)[look] & (place == 0))
    second += away(rng, shop, sessions, events, tempo.returns)
    order = unique_orders(looks, ordered)
    closing = second[np.cumsum(events) - 1] + rng.integers(1, 90, size=len(sessions))
    look = np.concatenate([look, order])
    kind = np.concatenate([kind, np.full(len(order), PURCHASE)])
    second = np.concatenate([second, closing[looks.session[order]]])
    return write_down(shelf, sessions, looks, (look, kind, second))


def spell_out(looks: Looks, bought: Flags) -> tuple[Ints, Ints, Ints]:
    """Return each event's look, place there, and type: views, then cart, removal, purchase."""
    length = looks.views + looks.cart + looks.remove + bought
    look = np.repeat(np.arange(len(length)), length)
    place = counter(length)
    decision = place - looks.views[look]
    kind = np.full(len(look), PURCHASE)
    kind[decision == looks.cart[look]] = REMOVE
    kind[(decision == looks.cart[look]) & ~looks.remove[look]] = PURCHASE
    kind[(decision == 0) & looks.cart[look]] = CART
    kind[decision < 0] = VIEW
    return look, place, kind


def ties(rng: np.random.Generator, tempo: Tempo, looks: Looks) -> Flags:
    """Return which looks begin in the second of the event before.

    Never two in a row, and never the same product: that could be an exact duplicate.
    """
    place = counter(np.bincount(looks.session) if len(looks.session) else looks.session)
    other = looks.product != np.roll(looks.product, 1)
    at_once: Flags = (place % 2 == 1) & other & (rng.random(len(place)) < tempo.ties)
    return at_once


def timeline(
    rng: np.random.Generator, tempo: Tempo, sessions: Sessions, events: Ints, tied: Flags
) -> Ints:
    """Return the second of each event: log-normal gaps of at least a second, but for ties."""
    noise = rng.standard_normal(len(tied), dtype=np.float32)
    gap = np.exp(np.float32(np.log(tempo.gap)) + np.float32(tempo.gap_sd) * noise)
    passed = np.cumsum(np.where(tied, 0, np.maximum(gap, 1).astype(np.int64)))
    first = np.cumsum(events) - events
    second: Ints = passed + np.repeat(sessions.start - passed[first], events)
    return second


def away(
    rng: np.random.Generator, shop: Shop, sessions: Sessions, events: Ints, share: float
) -> Ints:
    """Return the seconds by which the later half of a few sessions is put off, by whole days."""
    days = rng.integers(1, RETURN_DAYS, size=len(sessions))
    alive = sessions.start // DAY + days <= shop.customers.last_day[sessions.customer]
    chosen = alive & ~sessions.keeps_id & (rng.random(len(sessions)) < share)
    later = counter(events) >= np.repeat((events + 1) // 2, events)
    return np.where(later & np.repeat(chosen, events), np.repeat(days * DAY, events), 0)


def unique_orders(looks: Looks, ordered: Flags) -> Ints:
    """Return the looks that end in an order, one per session and product."""
    position = np.flatnonzero(ordered)
    pairs = np.stack([looks.session[position], looks.product[position]])
    return position[np.unique(pairs, axis=1, return_index=True)[1]]


def write_down(
    shelf: Shelf, sessions: Sessions, looks: Looks, events: tuple[Ints, Ints, Ints]
) -> pl.DataFrame:
    """Return the events (look, type, second) as numbers; text is made when they are written."""
    look, kind, second = events
    session, product = looks.session[look], looks.product[look]
    return pl.DataFrame(
        {
            "second": second,
            "kind": kind.astype(np.uint8),
            "product": product.astype(np.int32),
            "customer": sessions.customer[session].astype(np.int32),
            "cents": shelf.cents[product].astype(np.int32),
            "high": sessions.high[session],
            "low": sessions.low[session],
            "begun": sessions.start[session],
            "keeps_id": sessions.keeps_id[session],
        }
    )
