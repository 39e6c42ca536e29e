"""Histories whose law is known, small enough for a test."""

import numpy as np

from amazing_assets.demo.actions import (
    independent_actions,
    law_of_personas,
    law_without_memory,
    live_actions,
)
from amazing_assets.next_actions.histories import DAY, histories
from amazing_assets.next_actions.periods import periods, split
from amazing_assets.next_actions.training import Material

START, DAYS = 1_569_888_000, 212
UNTIL = START + DAYS * DAY


def seen(steps):
    found = histories(steps, UNTIL)
    at = periods(START, UNTIL)
    return Material(found, split(found, at), at)


def of_personas(customers, seed=0):
    """Customers who differ, and their law."""
    rng = np.random.default_rng(seed)
    law = law_of_personas(rng, customers, "real")
    return seen(live_actions(rng, law, DAYS)), law


def without_memory(customers, seed=0):
    rng = np.random.default_rng(seed)
    return seen(live_actions(rng, law_without_memory(rng, customers), DAYS))


def independent(customers, seed=0):
    return seen(independent_actions(np.random.default_rng(seed), customers, 200))
