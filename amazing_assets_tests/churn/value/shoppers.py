"""Shops whose customers buy at rates that are known, and what lifetimes ships of a real one."""

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from amazing_assets.churn.value.purchases import Orders, Purchases
from amazing_assets.churn.value.repurchase import Repurchase
from amazing_assets.churn.value.spend import Spend
from amazing_assets.models.arrays import Matrix

WEEKS = 8.0
REPURCHASE = Repurchase(r=0.4, alpha=5.0, a=0.8, b=2.5)
SPEND = Spend(p=4.0, q=3.5, v=60.0)


class Shop(NamedTuple):
    """What is seen of customers before the reference date, and what happens after it."""

    bought: Purchases
    orders: Orders
    later: Matrix
    revenue: Matrix
    stayed: Matrix


def shop(customers=10_000, seed=1):
    """Customers as the two models have them."""
    random = np.random.default_rng(seed)
    age = _ages(random, customers)
    rates = random.gamma(REPURCHASE.r, 1 / REPURCHASE.alpha, customers)
    chances = random.beta(REPURCHASE.a, REPURCHASE.b, customers)

    def leaves():
        return random.uniform(size=customers) < chances

    return _played(random, age, rates, leaves, _values(random, customers))


def shop_of_groups(customers=10_000, seed=1):
    """Four kinds of customers, whose rate and chance of leaving are those of their kind."""
    random = np.random.default_rng(seed)
    age = _ages(random, customers)
    kind = random.integers(0, 4, customers)
    rates = np.array([0.02, 0.1, 0.3, 0.8])[kind]
    chances = np.array([0.3, 0.1, 0.05, 0.15])[kind]

    def leaves():
        return random.uniform(size=customers) < chances

    return _played(random, age, rates, leaves, _values(random, customers))


def _ages(random, customers):
    return random.integers(7, 210, customers) / 7


def _values(random, customers):
    return random.gamma(SPEND.q, 1 / SPEND.v, customers)


def _played(random, age, rates, leaves, values):
    """Purchase after purchase of all customers at once, until the horizon or until they leave."""
    now, stays = np.zeros_like(age), np.ones(len(age), dtype=bool)
    repeats, recency, later = (np.zeros_like(age) for _ in range(3))
    alive = np.ones_like(stays)
    while stays.any():
        now = now + random.exponential(1 / rates)
        is_seen, comes = stays & (now <= age), stays & (now > age) & (now <= age + WEEKS)
        repeats += is_seen
        recency = np.where(is_seen, now, recency)
        later += comes
        left = leaves()
        alive &= ~(is_seen & left)
        stays &= (now <= age + WEEKS) & ~left
    orders = repeats + 1
    mean = random.gamma(SPEND.p * orders, 1 / values) / orders
    paid = random.gamma(SPEND.p * np.maximum(later, 1), 1 / values)
    revenue = np.where(later > 0, paid, 0.0)
    # Of a purchase the day is known.
    recency = np.floor(recency * 7) / 7
    return Shop(Purchases(repeats, recency, age), Orders(orders, mean), later, revenue, alive)


def cdnow():
    """39 weeks of 2,357 customers of a music shop, as published with the model."""
    summary = _shipped("cdnow_customers_summary.csv")
    return Purchases(*(summary[name].to_numpy() for name in ("frequency", "recency", "T")))


def cdnow_orders():
    """What those of them paid who bought again."""
    summary = _shipped("cdnow_customers_summary_with_transactions.csv").filter(pl.col("x") > 0)
    return Orders(summary["x"].to_numpy(), summary["zbar"].to_numpy())


def _shipped(name):
    # The package itself is not imported: it is read as a folder of data.
    file = Path(find_spec("lifetimes").origin).parent / "datasets" / name
    return pl.read_csv(file).cast(pl.Float64)
