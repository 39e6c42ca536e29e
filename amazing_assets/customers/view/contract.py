"""The single customer view, and what every column of it promises."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from amazing_assets.customers.columns import Column
from amazing_assets.customers.contract import feature_columns, row_per_customer

# Weeks before the reference date whose events are counted one by one.
WEEKS_OF_ACTIVITY = 6


def _columns() -> dict[str, Column]:
    features = feature_columns()
    reference = features.pop("as_of")
    weeks = {
        f"events_wk_{week}": Column(
            pl.Int64, f"Events in the {week}. week before the reference date, 1 the last.", False, 0
        )
        for week in range(1, WEEKS_OF_ACTIVITY + 1)
    }
    return {
        "user_id": features.pop("user_id"),
        "reference_date": replace(
            reference, description="Only events before its 00:00 UTC count; a Tuesday."
        ),
        "market": Column(pl.String, "The market of the shop; main: it has one."),
        **features,
        **weeks,
        "days_since_contact": Column(
            pl.Int32,
            "Days from the day of the last contact by a campaign in the history to the reference "
            "date; null: none, or none is known of.",
            nullable=True,
            at_least=1,
        ),
        "contacts_28d": Column(
            pl.Int64, "Contacts by campaigns in the 28 days before the reference date.", False, 0
        ),
        "last_campaign": Column(
            pl.String, "Campaign of that last contact; null: as above.", nullable=True
        ),
        "segment": Column(
            pl.Int16,
            "Number of the segment at the end of the month before the reference date, by the model "
            "that assigned that month; null: none was assigned, or the customer is unclassified.",
            nullable=True,
            at_least=1,
        ),
        "segment_name": Column(
            pl.String,
            "Code of that segment's name, such as beavers, or unclassified; null: nothing was "
            "assigned.",
            nullable=True,
        ),
    }


CustomerView = row_per_customer(
    "CustomerView",
    "One row per customer with an event in the seven months before `reference_date`.",
    _columns(),
)
