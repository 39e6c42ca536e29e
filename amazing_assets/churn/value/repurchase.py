"""When customers buy again: the BG/NBD model of Fader, Hardie and Lee (2005).

A customer buys at a rate of its own until it leaves, which it may do after any repeated purchase;
rates differ as a gamma distribution does, chances of leaving as a beta distribution. All that is
asked of the model has a closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amazing_assets.churn.value.likelihood import most_likely, require_customers

if TYPE_CHECKING:
    from amazing_assets.churn.value.purchases import Purchases
    from amazing_assets.models.arrays import Matrix

# The formula of the expected purchases divides by a - 1; this near to it ten digits are left.
_NEAREST_TO_ONE = 1e-6

_STARTS = ((0.3, 4.0, 0.8, 2.5), (1.0, 10.0, 1.0, 5.0))


@dataclass(frozen=True)
class Repurchase:
    """How the customers of a shop return; time is in weeks.

    Attributes:
        r: Shape of the distribution of rates: the smaller, the more customers differ.
        alpha: Its inverse scale; a customer of whom nothing is known buys r / alpha times a week.
        a: Of the beta distribution of the chance of leaving after a purchase.
        b: Likewise; a new customer leaves with a chance of a / (a + b).
    """

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, bought: Purchases) -> Matrix:
        """Return the logarithm of the likelihood of each customer's purchases."""
        from scipy.special import gammaln  # noqa: PLC0415  a quarter of a second

        r, alpha, a, b, x = self.r, self.alpha, self.a, self.b, bought.repeats
        rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        stays = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        alive = -(r + x) * np.log(alpha + bought.age)
        return np.asarray(rate + stays + alive + np.logaddexp(0.0, self._left(bought)))

    def p_alive(self, bought: Purchases) -> Matrix:
        """Return the probability that a customer has not left.

        A customer without a repeated purchase has not had an occasion to leave: 1.
        """
        from scipy.special import expit  # noqa: PLC0415  as above

        return np.asarray(expit(-self._left(bought)))

    def expected(self, bought: Purchases, weeks: float) -> Matrix:
        """Return the purchases to expect of each customer in the weeks after the reference date.

        Euler's transformation of the published formula: its hypergeometric function has small
        parameters whatever a customer bought, and does not overflow.
        """
        from scipy.special import hyp2f1  # noqa: PLC0415  as above

        a = self.a if abs(self.a - 1) > _NEAREST_TO_ONE else 1 + _NEAREST_TO_ONE
        x, seen = bought.repeats, self.alpha + bought.age
        share = weeks / (seen + weeks)
        curve = hyp2f1(a - 1, a + self.b - 1 - self.r, a + self.b + x - 1, share)
        scale = (a + self.b + x - 1) / (a - 1)
        alive = scale * (1 - (1 - share) ** (a - 1) * curve)
        return np.asarray(self.p_alive(bought) * np.maximum(alive, 0.0))

    def probabilities(self, bought: Purchases, weeks: float, most: int) -> Matrix:
        """Return the probabilities of 0 to `most` purchases, a customer a row.

        The last column also holds what lies above it, so that every row adds up to one.
        """
        r, seen = self.r + bought.repeats, self.alpha + bought.age
        b, share = self.b + bought.repeats, weeks / (seen + weeks)
        found = np.empty((len(r), most + 1))
        # Of n purchases at the customer's rate, had it all the weeks; of n stays.
        chance, stays, below = (1 - share) ** r, np.ones_like(r), np.zeros_like(r)
        leaves = np.zeros_like(r)
        for n in range(most + 1):
            found[:, n] = stays * chance + leaves * np.maximum(1 - below, 0.0)
            below = below + chance
            chance = chance * (r + n) / (n + 1) * share
            leaves = stays * self.a / (self.a + b + n)
            stays = stays * (b + n) / (self.a + b + n)
        found[:, most] += np.maximum(1 - found.sum(axis=1), 0.0)
        found *= self.p_alive(bought)[:, None]
        found[:, 0] += 1 - self.p_alive(bought)
        return found

    def _left(self, bought: Purchases) -> Matrix:
        """Return the logarithm of the odds that a customer has left."""
        x = bought.repeats
        silence = np.log(self.alpha + bought.age) - np.log(self.alpha + bought.recency)
        # Without a repeated purchase b + x - 1 may be negative; the odds are 0 whatever it is.
        chance = np.log(self.a) - np.log(np.maximum(self.b + x - 1, np.finfo(float).tiny))
        return np.where(x > 0, chance + (self.r + x) * silence, -np.inf)


def fit_repurchase(bought: Purchases) -> Repurchase:
    """Return the model under which the purchases are most likely.

    Raises:
        TooFewPurchasesError: Too few customers bought more than once.
    """
    require_customers(int((bought.repeats > 0).sum()), "bought more than once")
    # Days make many customers alike: each pattern is looked at once, by how many share it.
    patterns, counts = np.unique(np.column_stack(bought), axis=0, return_counts=True)
    alike = type(bought)(*patterns.T)

    def mean(parameters: Matrix) -> float:
        likelihood = Repurchase(*map(float, parameters)).log_likelihood(alike)
        return float(np.average(likelihood, weights=counts))

    return Repurchase(*map(float, most_likely(mean, _STARTS, scale=1)))
