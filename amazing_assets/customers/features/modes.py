"""The value that a customer meets most often."""

from __future__ import annotations

import polars as pl


def most_frequent(rows: pl.LazyFrame, value: str, events: str = "events") -> pl.LazyFrame:
    """Return the value with most events per customer; customers without any are left out.

    Ties: more purchases, then the later last event, then the value ascending.

    Args:
        rows: One per customer and value: `user_id`, the number of events, `purchases`,
            `last_event_at` and the value.
        value: The name of the value's column; null is no candidate.
        events: The name of the number's column.
    """
    candidates = rows.drop_nulls(value)
    most = candidates.group_by("user_id").agg(pl.col(events).max().alias("most"))
    # Most customers have one value left; only ties are worth a sort.
    return (
        candidates.join(most, on="user_id")
        .filter(pl.col(events) == pl.col("most"))
        .sort(
            "user_id",
            "purchases",
            "last_event_at",
            value,
            descending=[False, True, True, False],
        )
        .group_by("user_id", maintain_order=True)
        .first()
        .select("user_id", value)
    )
