"""The promise of the table about value."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl  # noqa: TC002  Pandera reads the annotations

from amazing_assets.lake.contract import Table


class CustomerValue(Table):
    """One row per week and customer who bought in the seven months before: what is to come."""

    week: pl.Date = pa.Field(description="Tuesday on which the week begins. Never null.")
    reference_date: pl.Date = pa.Field(
        description="Tuesday that ends it: nothing of it, or later, was known. Never null."
    )
    market: pl.String = pa.Field(
        description="The market of the shop; main: it has one. Never null."
    )
    user_id: pl.Int64 = pa.Field(ge=0, description="The customer's pseudonym. Never null.")
    expected_purchases: pl.Float64 = pa.Field(
        ge=0, description="Days with a purchase expected in the next 56 days. Never null."
    )
    expected_revenue: pl.Float64 = pa.Field(
        ge=0, description="Revenue expected in the next 56 days, currency. Never null."
    )
    revenue_low: pl.Float64 = pa.Field(
        ge=0,
        description="Lower end of the 80 % interval of that revenue, currency; 0 where nothing is "
        "the likeliest. Never null.",
    )
    revenue_high: pl.Float64 = pa.Field(
        ge=0, description="Upper end of that interval, currency. Never null."
    )
    p_alive: pl.Float64 = pa.Field(
        ge=0, le=1, description="Probability that the customer has not left for good. Never null."
    )
    model_version: pl.String = pa.Field(
        description="Registered version of the model that answered; unregistered: the law of "
        "purchases, fitted on the week itself, for no version was known by then. Never null."
    )
