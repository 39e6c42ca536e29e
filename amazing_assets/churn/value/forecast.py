"""What customers will buy and spend in the weeks to come, and between which bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amazing_assets.churn.value.repurchase import Repurchase, fit_repurchase
from amazing_assets.churn.value.spend import Spend, fit_spend

if TYPE_CHECKING:
    from amazing_assets.churn.value.purchases import Orders, Purchases
    from amazing_assets.models.arrays import Labels, Matrix

# What lies between the bounds: four customers of five.
COVERED = 0.8

_TAIL = (1 - COVERED) / 2

# Purchases looked at one by one: powers of two, the least that all but one in ten thousand of what
# may happen stay below.
_LEVELS = tuple(2**power for power in range(2, 9))
_BEYOND = 1e-4

# How near a bound, as a part of all that may be spent: money is known to one in a hundred thousand.
_NEAR = 2.0**-26


class Forecast(NamedTuple):
    """What is to be expected of each customer in some weeks, a customer an entry.

    Attributes:
        purchases: Purchases expected.
        revenue: Revenue expected, currency.
        revenue_low: Lower bound of the revenue, currency.
        revenue_high: Upper bound; of ten customers eight stay between the bounds.
        p_alive: The probability that the customer has not left at the reference date.
    """

    purchases: Matrix
    revenue: Matrix
    revenue_low: Matrix
    revenue_high: Matrix
    p_alive: Matrix


@dataclass(frozen=True)
class ValueModel:
    """When customers return, and what they spend then.

    Attributes:
        repurchase: When.
        spend: What.
    """

    repurchase: Repurchase
    spend: Spend

    def forecast(self, bought: Purchases, orders: Orders, weeks: float) -> Forecast:
        """Return what is to be expected in the weeks after the reference date.

        How often and for how much a customer buys are taken to have nothing to do with each other.
        """
        purchases = self.repurchase.expected(bought, weeks)
        low, high = self._bounds(bought, orders, weeks)
        return Forecast(
            purchases,
            purchases * self.spend.expected(orders),
            low,
            high,
            self.repurchase.p_alive(bought),
        )

    def _bounds(self, bought: Purchases, orders: Orders, weeks: float) -> tuple[Matrix, Matrix]:
        """Return the bounds of each customer's revenue.

        Level by level, which depends on the customer alone: who else is asked for changes nothing.
        """
        low, high = np.zeros_like(bought.age), np.zeros_like(bought.age)
        levels = self._levels(bought, weeks)
        for level in np.unique(levels):
            rows = levels == level
            some = type(bought)(*(each[rows] for each in bought))
            paid = type(orders)(*(each[rows] for each in orders))
            counts = self.repurchase.probabilities(some, weeks, int(level))
            revenue = _Revenue(counts, self.spend.p, *self.spend.of_customer(paid))
            # Nothing is the likeliest revenue of most: where it is no rarity the bounds begin at
            # it, and all of the tail lies above.
            is_rare = counts[:, 0] <= _TAIL
            low[rows] = revenue.quantile(np.where(is_rare, _TAIL, 0.0))
            high[rows] = revenue.quantile(np.where(is_rare, 1 - _TAIL, COVERED))
        return low, high

    def _levels(self, bought: Purchases, weeks: float) -> Matrix:
        """Return up to how many purchases of each customer are looked at one by one."""
        from scipy.stats import nbinom  # noqa: PLC0415  a second

        seen = self.repurchase.alpha + bought.age
        # As if nobody left: nobody buys more than that.
        above = [
            nbinom.sf(level, self.repurchase.r + bought.repeats, seen / (seen + weeks)) > _BEYOND
            for level in _LEVELS[:-1]
        ]
        levels: Matrix = np.asarray(_LEVELS, dtype=float)[np.sum(above, axis=0)]
        return levels


class _Revenue(NamedTuple):
    """The distribution of each customer's revenue: of n purchases a beta prime distribution."""

    counts: Matrix
    p: float
    q: Matrix
    v: Matrix

    def quantile(self, levels: Matrix) -> Matrix:
        """Return the revenue that each customer stays below with a probability of its own."""
        found = np.zeros_like(levels)
        # Of all others the probability of no purchase alone is above the level.
        buys = self.counts[:, 0] < levels
        some = _Revenue(self.counts[buys], self.p, self.q[buys], self.v[buys])
        parts = some.part(levels[buys])
        found[buys] = some.v * parts / (1 - parts)
        return found

    def part(self, levels: Matrix) -> Matrix:
        """Return the quantile s as s / (s + v): from 0 to 1, whatever the currency."""
        from scipy.optimize import elementwise  # noqa: PLC0415  a quarter of a second

        if not len(levels):
            return levels

        # Those that are found drop out, so each is told which row it is, as a number of any kind.
        def above(parts: Matrix, numbers: Matrix) -> Matrix:
            rows = numbers.astype(np.int64)
            return self._below(parts, rows) - levels[rows]

        found = elementwise.find_root(
            above,
            (np.zeros_like(levels), np.ones_like(levels)),
            args=(np.arange(len(levels)),),
            tolerances={"xatol": _NEAR},
        )
        return np.asarray(found.x)

    def _below(self, parts: Matrix, rows: Labels) -> Matrix:
        """Return the probability of less revenue of some rows."""
        from scipy.special import betainc  # noqa: PLC0415  as above

        counts, q = self.counts[rows], self.q[rows]
        found = counts[:, 0].copy()
        for n in range(1, counts.shape[1]):
            found += counts[:, n] * betainc(self.p * n, q, parts)
        return found


def fit_value(bought: Purchases, orders: Orders) -> ValueModel:
    """Return the model of both, as of the purchases of some customers.

    Raises:
        TooFewPurchasesError: Too few customers bought again, or something of known value.
    """
    return ValueModel(fit_repurchase(bought), fit_spend(orders))
