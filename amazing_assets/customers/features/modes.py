"""The value that a customer meets most often."""

from __future__ import annotations

import polars as pl


def most_frequent(rows: pl.LazyFrame, value: str) -> pl.LazyFrame:
    """Return the value with most events per customer; customers without any are left out.

    Ties: more purchases, then the later last event, then the value ascending.

    Args:
        rows: Columns `user_id`, `events`, `purchases`, `last_event_at` and the value's.
        value: The name of that column; null is no candidate.
    """
    return (
        rows.drop_nulls(value)
        .group_by("user_id", value)
        .agg(pl.col("events", "purchases").sum(), pl.col("last_event_at").max())
        .sort(
            "user_id",
            "events",
            "purchases",
            "last_event_at",
            value,
            descending=[False, True, True, True, False],
        )
        .group_by("user_id", maintain_order=True)
        .first()
        .select("user_id", value)
    )
