"""The boosted hurdle model: whether a customer buys at all, and if so how often and for how much.

What it tells is levelled by a later week than those it learnt from, and so is how far what was
spent lies from what was expected: the interval follows from both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from amazing_assets.churn.risk.features import matrix, view_features
from amazing_assets.churn.risk.scorers import THREADS, Trees
from amazing_assets.churn.value.forecast import COVERED, Forecast
from amazing_assets.churn.value.purchases import DAYS_PER_WEEK, orders_of, purchases_of
from amazing_assets.models.arrays import Matrix  # noqa: TC001  read by the archive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from amazing_assets.churn.value.forecast import ValueModel

FEATURES = view_features()

# What the law of purchases tells, which trees could not make of counts by themselves.
LAW = ("law_purchases", "law_revenue", "law_p_alive")

WEEKS_AHEAD = 56 / DAYS_PER_WEEK

_ROUNDS = 150
_SETTINGS = {
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.7,
    "lambda_l2": 1.0,
    "num_threads": THREADS,
    "deterministic": True,
    "seed": 0,
    "verbosity": -1,
}

# Buyers of the weeks to learn from below which trees see nothing but chance.
FEWEST = 200

_TAIL = (1 - COVERED) / 2

# The steps between which what was spent lies, as shares of what was expected.
_STEPS = 200


@dataclass(frozen=True)
class Hurdle:
    """A fitted hurdle model.

    Attributes:
        columns: What it reads.
        buys: The probability of a purchase.
        purchases: How many there are, if there is one.
        spent: What is spent on them, if there is one, currency.
        levels: By what purchases and revenue are multiplied.
        ratios: Quantiles of what was spent over what was expected, if there was a purchase.
    """

    columns: tuple[str, ...]
    buys: Trees
    purchases: Trees
    spent: Trees
    levels: tuple[float, float]
    ratios: Matrix

    def forecast(self, customers: pl.DataFrame, p_alive: Matrix) -> Forecast:
        """Return what is to be expected of customers, with the columns of `read_by_hurdle`."""
        read = matrix(customers, self.columns)
        buys = self.buys(read)
        purchases = buys * np.maximum(self.purchases(read), 1.0) * self.levels[0]
        spent = self.spent(read) * self.levels[1]
        is_rare = 1 - buys <= _TAIL
        low, high = (
            self._quantile(np.where(is_rare, rare, usual), buys, spent)
            for rare, usual in ((_TAIL, 0.0), (1 - _TAIL, COVERED))
        )
        return Forecast(purchases, buys * spent, low, high, p_alive)

    def _quantile(self, level: Matrix, buys: Matrix, spent: Matrix) -> Matrix:
        """Return the revenue that each customer stays below with a probability of its own."""
        inside = (level - (1 - buys)) / np.maximum(buys, np.finfo(float).tiny)
        steps = np.linspace(0, 1, len(self.ratios))
        ratio = np.interp(np.clip(inside, 0, 1), steps, self.ratios)
        return np.where(inside > 0, ratio * spent, 0.0)


class _Known(NamedTuple):
    read: Matrix
    purchases: Matrix
    revenue: Matrix

    @property
    def buys(self) -> NDArray[np.bool_]:
        return self.purchases > 0


def read_by_hurdle(customers: pl.DataFrame, law: ValueModel) -> pl.DataFrame:
    """Return customers with what the law of purchases tells of them beside what is known."""
    bought, orders = purchases_of(customers), orders_of(customers)
    expected = law.repurchase.expected(bought, WEEKS_AHEAD)
    told = (expected, expected * law.spend.expected(orders), law.repurchase.p_alive(bought))
    return customers.with_columns(
        pl.Series(name, values) for name, values in zip(LAW, told, strict=True)
    )


def fit_hurdle(learnt: Sequence[pl.DataFrame], calibrating: pl.DataFrame) -> Hurdle | None:
    """Return a hurdle model; None: too few customers bought again to learn from.

    Args:
        learnt: Buyers of past weeks, of `read_by_hurdle`, with what they spent after.
        calibrating: Those of a later week.
    """
    columns = ("repeats", "recency_weeks", "age_weeks", "mean_order_value", *LAW, *FEATURES)
    known, later = _known(pl.concat(learnt), columns), _known(calibrating, columns)
    if min(known.buys.sum(), later.buys.sum(), (~known.buys).sum()) < FEWEST:
        return None
    buys = _trees("binary", known.read, known.buys.astype(float))
    read = known.read[known.buys]
    purchases = _trees("poisson", read, known.purchases[known.buys])
    # A purchase of unknown value is worth next to nothing, not nothing.
    spent = _trees("gamma", read, np.maximum(known.revenue[known.buys], 0.01))
    chance = buys(later.read)
    told = chance * np.maximum(purchases(later.read), 1.0), chance * spent(later.read)
    levels = tuple(
        float(happened.sum() / each.sum())
        for happened, each in zip((later.purchases, later.revenue), told, strict=True)
    )
    ratios = later.revenue[later.buys] / (spent(later.read[later.buys]) * levels[1])
    quantiles = np.quantile(ratios, np.linspace(0, 1, _STEPS + 1))
    return Hurdle(columns, buys, purchases, spent, (levels[0], levels[1]), quantiles)


def _known(customers: pl.DataFrame, columns: Sequence[str]) -> _Known:
    later = (customers[name].to_numpy() for name in ("later_purchases", "later_revenue"))
    return _Known(matrix(customers, columns), *later)


def _trees(objective: str, read: Matrix, told: Matrix) -> Trees:
    import lightgbm  # noqa: PLC0415  a second

    settings: dict[str, Any] = {**_SETTINGS, "objective": objective}
    booster = lightgbm.train(settings, lightgbm.Dataset(read, told), _ROUNDS)
    return Trees(booster.model_to_string())
