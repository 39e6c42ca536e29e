"""The model of value in use: the law of purchases, or boosted trees that were better."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  read by the archive
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.churn.revenue.hurdle import WEEKS_AHEAD, Hurdle, read_by_hurdle
from amazing_assets.churn.revenue.registered import BASELINE, CHALLENGER
from amazing_assets.churn.value.forecast import Forecast, ValueModel  # noqa: TC001  as above
from amazing_assets.churn.value.purchases import orders_of, purchases_of
from amazing_assets.models.provenance import Provenance  # noqa: TC001  read by the archive

if TYPE_CHECKING:
    from amazing_assets.models.arrays import Matrix

UNREGISTERED = "unregistered"


@dataclass(frozen=True)
class RevenueModel:
    """What is expected of a customer who bought before.

    Attributes:
        law: The law of purchases, BG/NBD with Gamma-Gamma.
        hurdle: The trees that answer; None: the law does.
        as_of: Reference date of the training: nothing from it on was known.
        evaluation: How good both were on the week that judged.
        reason: Why the one that answers does.
        provenance: On whom it was fitted.
    """

    law: ValueModel
    hurdle: Hurdle | None
    as_of: date
    evaluation: pl.DataFrame
    reason: str
    provenance: Provenance

    @property
    def name(self) -> str:
        """Which of the two answers."""
        return BASELINE if self.hurdle is None else CHALLENGER

    def forecast(self, customers: pl.DataFrame) -> Forecast:
        """Return what is to be expected of `buyers` in the eight weeks after their date."""
        if self.hurdle is None:
            return told_by_law(self.law, customers)
        p_alive: Matrix = self.law.repurchase.p_alive(purchases_of(customers))
        return self.hurdle.forecast(read_by_hurdle(customers, self.law), p_alive)


def told_by_law(law: ValueModel, customers: pl.DataFrame) -> Forecast:
    """Return what the law of purchases tells of `buyers`."""
    return law.forecast(purchases_of(customers), orders_of(customers), WEEKS_AHEAD)


def value_of(
    customers: pl.DataFrame, forecast: Forecast, as_of: date, version: str
) -> pl.DataFrame:
    """Return the rows of `CustomerValue`.

    Args:
        customers: `buyers` of the reference date.
        forecast: Of the same customers.
        as_of: The reference date, a Tuesday.
        version: Of the model that answered.
    """
    week = pl.lit(as_of).dt.offset_by("-7d")
    return customers.select(
        week=week,
        reference_date=pl.lit(as_of),
        market="market",
        user_id="user_id",
        expected_purchases=pl.Series(forecast.purchases),
        expected_revenue=pl.Series(forecast.revenue),
        revenue_low=pl.Series(forecast.revenue_low),
        revenue_high=pl.Series(forecast.revenue_high),
        p_alive=pl.Series(forecast.p_alive),
        model_version=pl.lit(version),
    )
