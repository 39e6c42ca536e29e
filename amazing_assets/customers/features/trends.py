"""Whether a customer does more or less than before."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from amazing_assets.customers.features.history import EVENTS, History

_FOUR_WEEKS = timedelta(days=28)


def trends(history: History) -> pl.LazyFrame:
    """Return how events develop, over months and over four weeks."""
    day, recently = pl.col("quarter_hour").dt.date(), pl.lit(history.as_of - _FOUR_WEEKS)
    before = pl.lit(history.as_of - 2 * _FOUR_WEEKS)
    # One event more on either side keeps the ratio finite and near 0 for the few.
    last = EVENTS.filter(day >= recently).sum() + 1
    previous = EVENTS.filter((day >= before) & (day < recently)).sum() + 1
    two, five = (EVENTS.filter(history.in_window("quarter_hour", m)).sum() / m + 1 for m in (2, 5))
    return history.sessions.group_by("user_id").agg(
        (two / five).log().alias("trend_2m_5m"),
        (last / previous).log().alias("event_trend_28d"),
    )
