"""What is known of a customer's contacts: the worked example of a family from an outside table."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.contacts.contract import Contacts
from amazing_assets.customers.features.history import days_before
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from amazing_assets.customers.features.history import History

_RECENT = timedelta(days=28)


def contacts(history: History) -> pl.LazyFrame:
    """Return when and how often a customer was contacted before the reference date."""
    nobody = pl.LazyFrame(schema=schema_of(Contacts))
    told = history.contacts() if history.contacts else nobody
    day = pl.col("contacted_at").dt.date()
    last = pl.col("contacted_at", "campaign").sort_by("contacted_at", "campaign").last()
    return (
        told.filter(day < pl.lit(history.as_of))
        .group_by("user_id")
        .agg(last, contacts_28d=(day >= pl.lit(history.as_of - _RECENT)).sum().cast(pl.Int64))
        .select(
            "user_id",
            days_before(pl.col("contacted_at"), history.as_of).alias("days_since_contact"),
            "contacts_28d",
            pl.col("campaign").alias("last_campaign"),
        )
    )
