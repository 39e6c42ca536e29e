"""Whether a customer does more or less than before."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from amazing_assets.customers.features.history import EVENTS, History

_FOUR_WEEKS = timedelta(days=28)


def trends(history: History) -> pl.LazyFrame:
    """Return how events develop, over months and over four weeks."""
    # One event more on either side keeps the ratio finite and near 0 for the few.
    two, five = (pl.col(f"events_{months}m") / months + 1 for months in (2, 5))
    last, previous = (pl.col(name).fill_null(0) + 1 for name in ("last", "previous"))
    return history.customers.join(_eight_weeks(history), on="user_id", how="left").select(
        "user_id",
        (two / five).log().alias("trend_2m_5m"),
        (last / previous).log().alias("event_trend_28d"),
    )


def _eight_weeks(history: History) -> pl.LazyFrame:
    day, recently = pl.col("quarter_hour").dt.date(), pl.lit(history.as_of - _FOUR_WEEKS)
    rows = history.sessions.filter(day >= pl.lit(history.as_of - 2 * _FOUR_WEEKS))
    return rows.group_by("user_id").agg(
        pl.when(day >= recently).then(EVENTS).otherwise(0).sum().alias("last"),
        pl.when(day < recently).then(EVENTS).otherwise(0).sum().alias("previous"),
    )
