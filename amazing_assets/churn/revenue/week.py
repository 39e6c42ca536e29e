"""A week of customer value: trained where it is worth it, told by the model known at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.churn.revenue.contract import CustomerValue
from amazing_assets.churn.revenue.gathering import buyers, dates_before, gather
from amazing_assets.churn.revenue.model import UNREGISTERED, told_by_law, value_of
from amazing_assets.churn.revenue.publication import known, release
from amazing_assets.churn.revenue.registered import BASELINE
from amazing_assets.churn.revenue.training import digest_of, fit, law_of
from amazing_assets.churn.value.likelihood import TooFewPurchasesError
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.churn.revenue.model import RevenueModel
    from amazing_assets.lake.table import Lake
    from amazing_assets.models.store import ModelStore


class WeekOfValue(NamedTuple):
    """What a week came to.

    Attributes:
        rows: `CustomerValue`.
        answers: Which model told them.
        version: Its version.
        sentence: Why that one.
        evaluation: How good the models were on the week that judged; empty: nothing did.
    """

    rows: pl.DataFrame
    answers: str
    version: str
    sentence: str
    evaluation: pl.DataFrame


def _is_made_of(
    before: tuple[RevenueModel, str] | None, customers: pl.DataFrame, as_of: date
) -> bool:
    """Whether the model in use was fitted on the same: it would be the same again."""
    if before is None:
        return False
    model, _ = before
    return model.as_of == as_of and model.provenance.data_hash == digest_of(customers)


def value_of_week(lake: Lake, store: ModelStore, as_of: date, *, is_trained: bool) -> WeekOfValue:
    """Return what each buyer is expected to spend after a week.

    Args:
        lake: Where views and visits are.
        store: Of the models of value.
        as_of: Reference date of the week.
        is_trained: Whether a model is fitted first, and published.
    """
    customers, nothing = buyers(lake, as_of), pl.DataFrame()
    before = known(store, as_of)
    if is_trained and not _is_made_of(before, customers, as_of):
        try:
            past = gather(lake, dates_before(lake, as_of))
            release(fit(past, customers, as_of, before[0] if before else None), store)
        except TooFewPurchasesError as few:
            rows = pl.DataFrame(schema=schema_of(CustomerValue))
            return WeekOfValue(rows, "nobody", "none", str(few), nothing)
        before = known(store, as_of)
    if before is not None:
        model, version = before
        rows = value_of(customers, model.forecast(customers), as_of, version)
        return WeekOfValue(rows, model.name, version, model.reason, model.evaluation)
    try:
        told = told_by_law(law_of(customers), customers)
    except TooFewPurchasesError as few:
        rows = pl.DataFrame(schema=schema_of(CustomerValue))
        return WeekOfValue(rows, "nobody", "none", str(few), nothing)
    rows = value_of(customers, told, as_of, UNREGISTERED)
    sentence = "No model was registered by then: the law of purchases is fitted on the week itself."
    return WeekOfValue(rows, BASELINE, UNREGISTERED, sentence, nothing)
