"""Histories of actions whose law is known, so that a model can be held against the best there is.

The customers are those of the demo: the same personas, traits and scatter. What one does next
depends on the last action and on who the customer is; a model is told only the actions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from amazing_assets.demo.personas import Difficulty, draw_personas, draw_traits
from amazing_assets.demo.taxonomy import MULTICAT
from amazing_assets.next_actions.histories import DAY, Histories
from amazing_assets.next_actions.vocabulary import (
    ACTIONS,
    CATEGORIES,
    END_SESSION,
    INACTIVE,
    INACTIVE_DAYS,
    UNKNOWN,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amazing_assets.demo.chance import Floats, Ints

VIEW, CART, REMOVE, PURCHASE = (len(CATEGORIES) * n for n in range(4))

# A customer who has ended a visit leaves for good with this probability.
LEAVES = 0.01

# Seconds between two actions of a visit, in the mean.
_PACE = 60.0

_START = 1_569_888_000  # 2019-10-01


def popularity() -> Floats:
    """Return the share of looks that each category gets from customers without a favourite."""
    shares = np.zeros(len(CATEGORIES))
    for category in MULTICAT:
        shares[CATEGORIES.index(category.code.split(".")[0] or UNKNOWN)] += category.weight
    return np.asarray(shares / shares.sum(), dtype=np.float64)


@dataclass(frozen=True)
class Law:
    """What decides what each customer does next; one position per customer.

    Attributes:
        again: P(another view of the same thing | view).
        cart: P(cart | a look is over).
        buy: P(purchase | cart).
        remove: P(removal | cart, no purchase).
        goes_on: P(another look | a look is done with).
        gone: P(nothing within 28 days | a visit is over).
        taste: P(category | a look begins), a row each.
        rate: Visits a day.
    """

    again: Floats
    cart: Floats
    buy: Floats
    remove: Floats
    goes_on: Floats
    gone: Floats
    taste: Floats
    rate: Floats

    def after(self, customer: Ints, token: Ints) -> Floats:
        """Return the probability of each of the 58 actions, a row for each customer and action."""
        law = {name: value[customer] for name, value in vars(self).items()}
        rows, kind, category = np.arange(len(token)), token // 14, token % 14
        told = np.zeros((len(token), len(ACTIONS)))
        over = np.ones(len(token))
        is_view, is_cart, is_end = (kind == n for n in (0, 1, 4))
        told[rows[is_view], token[is_view]] = law["again"][is_view]
        over -= np.where(is_view, law["again"], 0.0)
        carted = np.where(is_view, over * law["cart"], 0.0)
        told[rows[is_view], CART + category[is_view]] = carted[is_view]
        bought = np.where(is_cart, law["buy"], 0.0)
        told[rows[is_cart], PURCHASE + category[is_cart]] = bought[is_cart]
        removed = np.where(is_cart, (1 - law["buy"]) * law["remove"], 0.0)
        told[rows[is_cart], REMOVE + category[is_cart]] = removed[is_cart]
        over -= carted + bought + removed
        looks = np.where(is_end, 1 - law["gone"], over * law["goes_on"])
        told[:, : len(CATEGORIES)] += looks[:, None] * law["taste"]
        told[:, END_SESSION] = np.where(is_end, 0.0, over * (1 - law["goes_on"]))
        told[:, INACTIVE] = np.where(is_end, law["gone"], 0.0)
        return told

    def probabilities(self, found: Histories, places: Ints) -> NDArray[np.float32]:
        """Return what is true of each place: the best that any model could know."""
        customer = found.customers[found.owners[places]]
        return self.after(customer, found.tokens[places].astype(np.int64)).astype(np.float32)


def law_of_personas(rng: np.random.Generator, customers: int, difficulty: Difficulty) -> Law:
    """Return the law of customers of seven kinds, scattered as in the demo."""
    traits = draw_traits(rng, draw_personas(rng, customers), difficulty)
    shares = popularity()
    favourite = rng.choice(len(shares), size=customers, p=shares)
    focus = traits["focus"][:, None]
    rate = np.minimum(traits["sessions"] / 30, 3.0)
    return Law(
        again=traits["views"] / (1 + traits["views"]),
        cart=traits["cart"],
        buy=traits["buy"],
        remove=traits["remove"],
        goes_on=traits["looks"] / (1 + traits["looks"]),
        gone=LEAVES + (1 - LEAVES) * np.exp(-rate * INACTIVE_DAYS),
        taste=focus * np.eye(len(shares))[favourite] + (1 - focus) * shares,
        rate=rate,
    )


def law_without_memory(rng: np.random.Generator, customers: int) -> Law:
    """Return a law of which everything is said by the last action: all customers are one."""
    one = law_of_personas(rng, 1, "easy")
    same: dict[str, Any] = {
        name: np.repeat(value, customers, axis=0) for name, value in vars(one).items()
    }
    return replace(Law(**same), taste=np.tile(popularity(), (customers, 1)))


def live_actions(
    rng: np.random.Generator, law: Law, days: int, start: int = _START
) -> pl.DataFrame:
    """Return what customers do in some days: columns as those of `sequences.joined`.

    Nothing is collapsed, so that the law holds at every place.
    """
    count, until = len(law.rate), start + days * DAY
    token = np.full(count, END_SESSION)
    now = start + rng.exponential(1 / law.rate) * DAY
    here = np.arange(count)
    parts: list[tuple[Ints, Ints, Floats]] = []
    is_first = True
    while len(here):
        told, ended = law.after(here, token[here]), token[here] == END_SESSION
        if is_first:
            # Who has not come yet is not gone.
            told[:, INACTIVE], is_first = 0.0, False
        token[here] = _drawn(rng, told)
        now[here] += _waits(rng, law, here, token[here], ended)
        seen = (token[here] != INACTIVE) & (now[here] < until)
        parts.append((here[seen], token[here][seen], now[here][seen]))
        # Who was away for four weeks may come back, and begins as after a visit.
        token[here[token[here] == INACTIVE]] = END_SESSION
        here = here[now[here] < until]
    return _steps(parts)


def _drawn(rng: np.random.Generator, told: Floats) -> Ints:
    ends = np.cumsum(told, axis=1)
    drawn: Ints = (rng.random(len(told))[:, None] * ends[:, -1:] > ends).sum(axis=1)
    return drawn


def _waits(
    rng: np.random.Generator, law: Law, here: Ints, token: Ints, ended: NDArray[np.bool_]
) -> Floats:
    """Seconds until an action; after a visit that was `ended` days, within four weeks."""
    within = 1 + rng.exponential(_PACE, len(here))
    share = -np.expm1(-law.rate[here] * INACTIVE_DAYS)
    soon = -np.log1p(-share * rng.random(len(here))) / law.rate[here] * DAY
    away = INACTIVE_DAYS * DAY * (1 + rng.exponential(1.0, len(here)))
    waits = np.where(ended, soon, np.where(token == END_SESSION, 0.0, within))
    return np.where(token == INACTIVE, away, waits)


def _steps(parts: list[tuple[Ints, Ints, Floats]]) -> pl.DataFrame:
    users, tokens, at = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.lexsort((np.arange(len(users)), users))
    return pl.DataFrame(
        {
            "user_id": users[order],
            "action": tokens[order].astype(np.int16),
            "at": at[order].astype(np.int64),
            "repeats": np.ones(len(users), dtype=np.int32),
            "is_bot_suspect": np.zeros(len(users), dtype=np.bool_),
        }
    )


def independent_actions(
    rng: np.random.Generator, customers: int, actions: int, start: int = _START
) -> pl.DataFrame:
    """Return actions of which each is drawn like every other, whatever came before.

    Visits end in between, and nobody is away for long.
    """
    shares = np.append(popularity(), 0.4)
    drawn = rng.choice(len(shares), size=customers * actions, p=shares / shares.sum())
    token = np.where(drawn == len(CATEGORIES), END_SESSION, VIEW + drawn)
    seconds = np.tile(np.arange(actions), customers) * 200 * DAY // actions
    return pl.DataFrame(
        {
            "user_id": np.repeat(np.arange(customers), actions),
            "action": token.astype(np.int16),
            "at": start + seconds,
            "repeats": np.ones(len(token), dtype=np.int32),
            "is_bot_suspect": np.zeros(len(token), dtype=np.bool_),
        }
    )
