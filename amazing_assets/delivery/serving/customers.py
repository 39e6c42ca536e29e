"""What the lake knows of one customer: the newest view up to a day, and the newest scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.cadence import WEEKLY
from amazing_assets.delivery.serving.answers import next_action
from amazing_assets.pseudonym import pseudonym_of

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.lake.table import Lake


def known_customer(lake: Lake, user_id: int, key: str, at: date | None) -> dict[str, Any] | None:
    """Return a customer as `KnownCustomer` has one; None: no view up to the day knows the customer.

    Args:
        lake: Where views and vectors are.
        user_id: As the shop knows the customer.
        key: The pseudonym key.
        at: Views of this day and earlier count; None: all.
    """
    pseudonym = pseudonym_of(user_id, key)
    view, _ = _newest(lake, "customer_view", pseudonym, at)
    if view is None:
        return None
    vector, week = _newest(lake, "next_action_vectors", pseudonym, at)
    return {
        "view": {name: value for name, value in view.items() if name != "user_id"},
        "next_action": next_action(vector) if vector else None,
        "next_action_reference_date": WEEKLY.as_of(week) if vector and week else None,
    }


def _newest(
    lake: Lake, table: str, pseudonym: int, at: date | None
) -> tuple[dict[str, Any] | None, str | None]:
    """The customer's row in the newest week of a table, and the week."""
    weeks = [week for week in lake.partitions(table, WEEKLY) if not at or WEEKLY.as_of(week) <= at]
    if not weeks:
        return None, None
    rows = lake.shard(table, pseudonym % lake.shards, weeks[-1]).filter(
        pl.col("user_id") == pseudonym
    )
    return next(rows.collect().iter_rows(named=True), None), weeks[-1]
