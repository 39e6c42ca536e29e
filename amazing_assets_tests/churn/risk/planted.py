"""Weeks of a shop whose customers come at known rates, until each leaves for good or does not.

A day is the unit: a customer who is there comes on it with a chance of its own. What can be known
of whether somebody pauses has a closed form, which no model can beat.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl

from amazing_assets.churn.outcomes import PAUSE, TASKS
from amazing_assets.churn.risk.backtest import Slices

HORIZON = 28
FIRST = date(2019, 12, 3)
(TASK,) = (task for task in TASKS if task.name == PAUSE)

# Of their visits so many are left where twice as many customers are to pause.
_RARER = 0.6

# Chance of coming on a day, and of leaving after it, of four kinds of customers.
_DAILY = np.array([0.5, 0.25, 0.12, 0.06])
_LEAVES = np.array([0.004, 0.002, 0.006, 0.001])


def planted(customers=6_000, weeks=14, seed=1, *, signal=True, rarer_from=None):
    """Slices of some weeks; `bayes` of each row is the probability that is true.

    From a week on, if one is given, customers come so much more rarely that twice as many pause;
    `bayes` knows nothing of it.
    """
    random = np.random.default_rng(seed)
    days = 70 + 7 * weeks + HORIZON
    kind = random.integers(0, 4, customers)
    daily = np.clip(_DAILY[kind] * random.lognormal(0, 0.25, customers), 0.01, 0.9)
    leaves = _LEAVES[kind]
    if not signal:
        # Everybody alike, and nobody ever leaves: what is seen says nothing of what comes.
        daily, leaves = np.full(customers, 0.06), np.zeros(customers)
    gone = np.where(leaves > 0, random.geometric(np.maximum(leaves, 1e-9)), days + 1)
    there = np.arange(days)[None, :] < gone[:, None]
    came = there & (random.uniform(size=(customers, days)) < daily[:, None])
    if rarer_from is not None:
        later = np.arange(days)[None, :] >= 70 + 7 * rarer_from
        came &= ~later | (random.uniform(size=came.shape) < _RARER)
    found = {}
    for week in range(weeks):
        now = 70 + 7 * week
        found[FIRST + timedelta(days=7 * week)] = _slice(came, now, daily, leaves)
    return Slices(TASK, found, 3)


def _slice(came, now, daily, leaves):
    """What is seen of customers before a day, and what they do from it on."""
    seen, later = came[:, :now], came[:, now:]
    number = seen.sum(axis=1)
    first = seen.argmax(axis=1)
    recency = 1 + seen[:, ::-1].argmax(axis=1)
    next_day = np.where(later.any(axis=1), later.argmax(axis=1), -1)
    gap = (now - recency - first) / np.maximum(number - 1, 1)
    counts = {
        f"events_wk_{n}": seen[:, now - 7 * n : now - 7 * (n - 1)].sum(axis=1) for n in range(1, 7)
    }
    frame = pl.DataFrame(
        {
            "user_id": np.arange(len(came)),
            "recency_days": recency,
            "tenure_days": now - first,
            "days_active_7m": number,
            "n_events_history": number,
            "frequency": number / np.maximum(now - first, 14) * 30,
            "gap_days_mean_7m": gap,
            "overdue_ratio": recency / np.maximum(gap, 1),
            "total_purchase_value": np.zeros(len(came)),
            "is_bot_suspect": False,
            **counts,
            "days_to_event": next_day,
            "days_to_purchase": next_day,
            "bayes": _pauses(daily, leaves, recency),
        }
    )
    unknown = pl.when(pl.col("days_to_event") >= 0).then("days_to_event")
    return frame.filter(pl.col("n_events_history") > 0).with_columns(days_to_event=unknown)


def _pauses(daily, leaves, recency):
    """The probability of no visit in 28 days, of who knows the rates and the last visit."""
    stays = (1 - leaves) * (1 - daily)
    silent = np.power(stays, recency - 1)
    left = leaves * (1 - silent) / (1 - stays)
    alive = silent / (silent + left)
    quiet = np.power(stays, HORIZON)
    return 1 - alive + alive * (quiet + leaves * (1 - quiet) / (1 - stays))
