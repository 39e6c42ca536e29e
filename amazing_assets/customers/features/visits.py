"""What a customer's sessions are like, and how regularly they come."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import (
    History,
    days_before,
    each_window,
    share,
    whole_sessions,
)

# 0.8 % of sessions last over 24 hours, the longest 151 days: ids that come back, not visits.
LONGEST_SESSION_SECONDS = 86_400

# A customer of yesterday with one session does not come thirty times a month.
LEAST_TENURE_DAYS = 14

_SECONDS_A_DAY = 86_400


def visits(history: History) -> pl.LazyFrame:
    """Return size, length and frequency of sessions, and the gaps between them."""
    length = (pl.col("ended_at") - pl.col("started_at")).dt.total_seconds()
    sessions = whole_sessions(history.sessions).with_columns(
        seconds=pl.min_horizontal(length, LONGEST_SESSION_SECONDS)
    )
    tenure = days_before(pl.col("started_at").min(), history.as_of)
    recency = days_before(pl.col("last_event_at").max(), history.as_of)
    sizes = sessions.group_by("user_id").agg(
        (pl.len() / tenure.clip(LEAST_TENURE_DAYS) * 30).alias("frequency"),
        *history.over_windows("started_at", _sizes),
    )
    last = history.sessions.group_by("user_id").agg(recency.alias("recency_days"))
    gap = pl.col("gap_days_mean_7m")
    return (
        sizes.join(_gaps(sessions, history), on="user_id", how="left")
        .join(last, on="user_id", how="left")
        .with_columns(overdue_ratio=share(pl.col("recency_days"), gap))
        .drop("recency_days")
    )


def _sizes(inside: pl.Expr) -> dict[str, pl.Expr]:
    number = inside.sum()

    def mean_of(values: pl.Expr) -> pl.Expr:
        return share(values.filter(inside).sum(), number)

    return {
        "events_per_session": mean_of(pl.col("events")),
        "products_per_session": mean_of(pl.col("products")),
        "session_minutes_mean": mean_of(pl.col("seconds")) / 60,
        "bounce_share": mean_of((pl.col("events") == 1).cast(pl.Int64)),
    }


def _gaps(sessions: pl.LazyFrame, history: History) -> pl.LazyFrame:
    """The gaps between session starts; a gap belongs to the window in which it began."""
    start = pl.col("started_at")
    before = start.shift(1).over("user_id")
    gaps = (
        sessions.select("user_id", "started_at")
        .sort("user_id", "started_at")
        .with_columns(before=before, gap_seconds=(start - before).dt.total_seconds())
        .drop_nulls("before")
        .with_columns(log_gap=(pl.col("gap_seconds") / _SECONDS_A_DAY).log1p())
    )
    measured = gaps.group_by("user_id").agg(history.over_windows("before", _gap_sums))
    return measured.select("user_id", *each_window(_gap_measures))


def _gap_sums(inside: pl.Expr) -> dict[str, pl.Expr]:
    log_gap = pl.col("log_gap").filter(inside)
    return {
        "gaps": inside.sum().cast(pl.Int64),
        "gap_seconds": pl.col("gap_seconds").filter(inside).sum(),
        "log_gap_mean": log_gap.mean(),
        "log_gap_sd": log_gap.std(),
    }


def _gap_measures(window: str) -> dict[str, pl.Expr]:
    gaps, seconds = pl.col(f"gaps{window}"), pl.col(f"gap_seconds{window}")
    return {
        "gap_days_mean": share(seconds, gaps) / _SECONDS_A_DAY,
        "gap_log_cv": share(pl.col(f"log_gap_sd{window}"), pl.col(f"log_gap_mean{window}")),
    }
