"""The 58 actions that a customer can do next, and how events become numbers."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl

from amazing_assets.customers.columns import TOP_CATEGORIES
from amazing_assets.events.contract import EVENT_TYPES

UNKNOWN = "unknown"

# First parts of the shop's category paths; whatever else there is, or will be, is unknown.
CATEGORIES = (*TOP_CATEGORIES, UNKNOWN)

# A visit is over; nothing follows it for 28 days. The second is only ever foretold, never seen.
ACTIONS = (
    *(f"{kind}_{category}" for kind in EVENT_TYPES for category in CATEGORIES),
    "end_session",
    "inactive_28d",
)
END_SESSION, INACTIVE = len(ACTIONS) - 2, len(ACTIONS) - 1

# What only a model reads: nothing at all, and the place before a customer's first action.
PADDING, BEGIN = len(ACTIONS), len(ACTIONS) + 1
TOKENS = len(ACTIONS) + 2

INACTIVE_DAYS = 28

# A model answers in this order of actions and in no other: it is stored with every one.
VOCABULARY = hashlib.sha256("\n".join(ACTIONS).encode()).hexdigest()[:16]

# Type and category of every token. What has none is a type of its own, without a category.
TYPE_OF = np.array(
    [number // len(CATEGORIES) for number in range(END_SESSION)]
    + [len(EVENT_TYPES) + extra for extra in range(TOKENS - END_SESSION)]
)
CATEGORY_OF = np.array(
    [number % len(CATEGORIES) for number in range(END_SESSION)]
    + [len(CATEGORIES)] * (TOKENS - END_SESSION)
)
IS_PURCHASE = TYPE_OF[: len(ACTIONS)] == EVENT_TYPES.index("purchase")


def action_of_event() -> pl.Expr:
    """The number of the action that a clean event is; null: a return, which is none of them."""
    kinds = {kind: number * len(CATEGORIES) for number, kind in enumerate(EVENT_TYPES)}
    places = {category: number for number, category in enumerate(CATEGORIES)}
    kind = pl.col("event_type").cast(pl.String).replace_strict(kinds, default=None)
    top = pl.col("category_code").str.split_exact(".", 1).struct.field("field_0")
    place = top.replace_strict(places, default=places[UNKNOWN])
    return (kind + place).cast(pl.Int16).alias("action")
