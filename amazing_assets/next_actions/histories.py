"""Histories as arrays, one after the other: what every model of the next action reads.

A place is one action of one customer; what is foretold there is the action after it. All that is
known at a place was known when its action had been done.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from amazing_assets.events.contract import EVENT_TYPES
from amazing_assets.next_actions.vocabulary import (
    BEGIN,
    CATEGORIES,
    CATEGORY_OF,
    END_SESSION,
    INACTIVE,
    INACTIVE_DAYS,
    TYPE_OF,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from amazing_assets.models.arrays import Labels

Small = NDArray[np.int16]
Half = NDArray[np.float16]

DAY = 86_400
UNKNOWN_TARGET = -1

# Time since the action before, and how many events the action stands for, both logarithms.
NUMERIC = 2

# Shares of categories and of types so far, and logarithms of how many actions and visits.
CONTEXT = len(CATEGORIES) + len(EVENT_TYPES) + 2

# Places whose running shares are counted at a time: bounds the memory, not the result.
_SLICE = 250_000


@dataclass(frozen=True)
class Histories:
    """The actions of customers, each customer's in order.

    Attributes:
        customers: Pseudonyms.
        begins: Of each customer the first place, and at the end the number of places.
        tokens: The action of each place; the first of a customer is `BEGIN`.
        at: When, seconds since 1970.
        targets: The action that followed; -1: nobody knows, or nobody is asked.
        numeric: `NUMERIC` figures of the action itself.
        context: `CONTEXT` figures of all that the customer had done until then.
    """

    customers: Labels
    begins: Labels
    tokens: Small
    at: Labels
    targets: Small
    numeric: Half
    context: Half

    @property
    def owners(self) -> Labels:
        """The position of the customer of each place."""
        return np.repeat(np.arange(len(self.customers)), np.diff(self.begins))

    @property
    def last(self) -> Labels:
        """The last place of each customer."""
        return self.begins[1:] - 1


def histories(steps: pl.DataFrame, observed_until: int) -> Histories:
    """Return the histories of customers.

    Args:
        steps: As `sequences.joined` returns them.
        observed_until: Until when whatever happened is known, seconds since 1970. Whether a
            customer comes back is asked of a visit only if 28 days after it are known, whether
            the customer came back sooner or not: to count those alone who did would overstate
            how many do.
    """
    users = steps["user_id"].to_numpy()
    firsts = np.flatnonzero(np.diff(users, prepend=-1))
    # One place more for each customer, before the first action.
    places = np.arange(len(users)) + np.searchsorted(firsts, np.arange(len(users)), side="right")
    begins = np.append(firsts + np.arange(len(firsts)), len(users) + len(firsts)).astype(np.int64)
    tokens = np.full(begins[-1], BEGIN, dtype=np.int16)
    at, repeats = np.zeros(len(tokens), np.int64), np.ones(len(tokens))
    tokens[places], at[places] = steps["action"].to_numpy(), steps["at"].to_numpy()
    repeats[places] = steps["repeats"].to_numpy()
    at[begins[:-1]] = at[begins[:-1] + 1]
    return Histories(
        customers=users[firsts].astype(np.int64),
        begins=begins,
        tokens=tokens,
        at=at,
        targets=_targets(tokens, at, begins, observed_until),
        numeric=_numeric(at, repeats, begins),
        context=_context(tokens, begins),
    )


def together(parts: Sequence[Histories]) -> Histories:
    """Return the histories of different customers as one."""
    ends = np.cumsum([0, *(len(part.tokens) for part in parts)])
    begins = [part.begins[:-1] + end for part, end in zip(parts, ends, strict=False)]
    found: dict[str, Any] = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Histories)
        if field.name != "begins"
    }
    return Histories(begins=np.append(np.concatenate(begins), ends[-1]), **found)


def _targets(tokens: Small, at: Labels, begins: Labels, observed_until: int) -> Small:
    following, when = np.roll(tokens, -1), np.roll(at, -1)
    has_next = np.ones(len(tokens), dtype=np.bool_)
    has_next[begins[1:] - 1] = False
    soon = has_next & (when - at <= INACTIVE_DAYS * DAY)
    after_visit = np.where(soon, following, INACTIVE)
    after_visit[at + INACTIVE_DAYS * DAY > observed_until] = UNKNOWN_TARGET
    found = np.where(has_next, following, UNKNOWN_TARGET)
    found = np.where(tokens == END_SESSION, after_visit, found)
    found[tokens == BEGIN] = UNKNOWN_TARGET
    return found.astype(np.int16)


def _numeric(at: Labels, repeats: NDArray[np.float64], begins: Labels) -> Half:
    gap = np.diff(at, prepend=at[:1])
    gap[begins[:-1]] = 0
    return np.stack([np.log1p(gap / 3600), np.log(repeats)], axis=1).astype(np.float16)


def _context(tokens: Small, begins: Labels) -> Half:
    found = np.zeros((len(tokens), CONTEXT), dtype=np.float16)
    first = 0
    while first < len(begins) - 1:
        beyond = np.searchsorted(begins, begins[first] + _SLICE, side="right")
        last = min(max(int(beyond) - 1, first + 1), len(begins) - 1)
        part = slice(begins[first], begins[last])
        found[part] = _running(tokens[part], begins[first : last + 1] - begins[first])
        first = last
    return found


def _running(tokens: Small, begins: Labels) -> Half:
    """Shares and numbers of all that each customer did, up to each place."""
    # What is counted is a row, its places beside each other: added up in a third of the time.
    own = np.zeros((CONTEXT - 1, len(tokens)), dtype=np.int32)
    events = np.flatnonzero(tokens < END_SESSION)
    own[CATEGORY_OF[tokens[events]], events] = 1
    own[len(CATEGORIES) + TYPE_OF[tokens[events]], events] = 1
    own[-1] = tokens == END_SESSION
    np.cumsum(own, axis=1, out=own)
    # The place before a customer's first action counts nothing: it is the customer's zero.
    own -= np.repeat(own[:, begins[:-1]], np.diff(begins), axis=1)
    done = own[len(CATEGORIES) : -1].sum(axis=0)
    found = np.empty((len(tokens), CONTEXT), dtype=np.float16)
    found[:, :-2] = (own[:-1] / np.maximum(done, 1)).T
    found[:, -2:] = np.log1p([done, own[-1]]).T
    return found
