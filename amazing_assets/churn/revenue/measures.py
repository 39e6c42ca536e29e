"""How good a forecast of revenue was: its level, its interval, its ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from amazing_assets.churn.value.forecast import Forecast
    from amazing_assets.models.arrays import Matrix

# Draws of the customers by which a difference is told from chance.
_DRAWS = 200


class Figures(NamedTuple):
    """What a forecast came to.

    Attributes:
        customers: Of how many.
        told: Mean revenue that was expected, currency.
        happened: Mean revenue that there was, currency.
        coverage: Share of the customers whose revenue lay within the interval, of those of whom
            anything is expected: where nothing is likelier than 80 % the interval is nothing.
        gini: Of what was spent by the order of what was expected, over that by its own order: 1,
            nobody stands wrong.
        error: Mean absolute difference, currency.
    """

    customers: int
    told: float
    happened: float
    coverage: float
    gini: float
    error: float

    @property
    def told_to_happened(self) -> float:
        """How many times what happened was told."""
        return self.told / self.happened if self.happened else float("nan")


def figures(forecast: Forecast, revenue: Matrix) -> Figures:
    """Return what a forecast came to, by what was spent."""
    # A cent is lost where money was summed in whole ones.
    is_inside = (forecast.revenue_low <= revenue + 0.005) & (
        revenue <= forecast.revenue_high + 0.005
    )
    is_open = forecast.revenue_high > 0
    return Figures(
        len(revenue),
        float(forecast.revenue.mean()),
        float(revenue.mean()),
        float(is_inside[is_open].mean()) if is_open.any() else float("nan"),
        ranking(forecast.revenue, revenue),
        float(np.abs(forecast.revenue - revenue).mean()),
    )


def ranking(expected: Matrix, revenue: Matrix) -> float:
    """Return the normalized Gini coefficient; 0: no order at all."""
    best = _gini(revenue, revenue)
    return _gini(expected, revenue) / best if best else 0.0


def ranking_gained(new: Matrix, old: Matrix, revenue: Matrix) -> tuple[float, float, float]:
    """Return by how much a ranking is better, and between which bounds in 95 of 100 draws."""
    random = np.random.default_rng(0)
    rows = [random.integers(0, len(revenue), len(revenue)) for _ in range(_DRAWS)]
    drawn = [ranking(new[r], revenue[r]) - ranking(old[r], revenue[r]) for r in rows]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return ranking(new, revenue) - ranking(old, revenue), float(low), float(high)


def _gini(order: Matrix, revenue: Matrix) -> float:
    total = revenue.sum()
    if not total:
        return 0.0
    # Of those told alike, each in the middle of them: no order is made of chance.
    values, place = np.unique(order, return_inverse=True)
    sums = np.bincount(place, weights=revenue, minlength=len(values))
    counts = np.bincount(place, minlength=len(values))
    middle = np.cumsum(counts) - (counts - 1) / 2
    return float(
        2 * (sums * middle).sum() / (len(revenue) * total) - (len(revenue) + 1) / len(revenue)
    )
