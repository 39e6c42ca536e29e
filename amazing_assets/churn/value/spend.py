"""What customers spend on a purchase: the Gamma-Gamma model of Fader, Hardie and Lee (2005).

A customer's purchases vary around a value of its own, and these values differ between customers;
what few purchases say of a customer is drawn towards what the others spend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amazing_assets.churn.value.likelihood import most_likely, require_customers

if TYPE_CHECKING:
    from amazing_assets.churn.value.purchases import Orders
    from amazing_assets.models.arrays import Matrix

_STARTS = ((6.0, 2.7, 1.0), (1.0, 1.0, 1.0))


@dataclass(frozen=True)
class Spend:
    """What the customers of a shop spend on a purchase, in its currency.

    Attributes:
        p: Shape of the values of a customer's purchases: the greater, the more alike they are.
        q: Shape of what customers' values differ by; above 1, so that their mean is finite.
        v: Its scale, currency.
    """

    p: float
    q: float
    v: float

    def log_likelihood(self, orders: Orders) -> Matrix:
        """Return the logarithm of the likelihood of each customer's mean value."""
        from scipy.special import gammaln  # noqa: PLC0415  a quarter of a second

        n, mean = self.p * orders.number, orders.mean_value
        return np.asarray(
            gammaln(n + self.q)
            - gammaln(n)
            - gammaln(self.q)
            + self.q * np.log(self.v)
            + (n - 1) * np.log(mean)
            + n * np.log(orders.number)
            - (n + self.q) * np.log(self.v + orders.number * mean)
        )

    def expected(self, orders: Orders) -> Matrix:
        """Return the value to expect of each customer's next purchase, currency."""
        shape, scale = self.of_customer(orders)
        return np.asarray(self.p * scale / (shape - 1))

    def of_customer(self, orders: Orders) -> tuple[Matrix, Matrix]:
        """Return q and v of each customer, given what it paid."""
        shape = self.q + self.p * orders.number
        return shape, self.v + orders.number * orders.mean_value


def fit_spend(orders: Orders) -> Spend:
    """Return the model under which what was paid is most likely.

    Raises:
        TooFewPurchasesError: Too few customers bought something of known value.
    """
    is_known = (orders.number > 0) & (orders.mean_value > 0)
    require_customers(int(is_known.sum()), "bought something of known value")
    known = type(orders)(orders.number[is_known], orders.mean_value[is_known])
    # In units of what is usual, so that the search begins near by in any currency.
    usual = float(np.median(known.mean_value))
    scaled = known._replace(mean_value=known.mean_value / usual)

    def model(parameters: Matrix) -> Spend:
        p, above_one, v = map(float, parameters)
        return Spend(p, 1 + above_one, v)

    def mean(parameters: Matrix) -> float:
        return float(model(parameters).log_likelihood(scaled).mean())

    found = model(most_likely(mean, _STARTS, scale=2))
    return Spend(found.p, found.q, found.v * usual)
