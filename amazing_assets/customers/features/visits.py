"""What a customer's sessions are like, and how regularly they come."""

from __future__ import annotations

import polars as pl

from amazing_assets.customers.features.history import (
    History,
    days_before,
    each_window,
    over_history,
    share,
    sums,
)
from amazing_assets.dates import WINDOWS

# 0.8 % of sessions last over 24 hours, the longest 151 days: ids that come back, not visits.
LONGEST_SESSION_SECONDS = 86_400

# A customer of yesterday with one session does not come thirty times a month.
LEAST_TENURE_DAYS = 14

_SECONDS_A_DAY = 86_400


def visits(history: History) -> pl.LazyFrame:
    """Return number, size, length and frequency of sessions, and the gaps between them."""
    tenure = days_before(pl.col("first_event_at"), history.as_of)
    recency = days_before(pl.col("last_event_at"), history.as_of)
    found = history.customers.select("user_id", tenure=tenure, recency=recency)
    for part in (_sizes(history), _products(history), _gaps(history)):
        found = found.join(part, on="user_id", how="left")
    return found.with_columns(each_window(_gap_measures)).select(
        "user_id",
        (pl.col("sessions") / pl.col("tenure").clip(LEAST_TENURE_DAYS) * 30).alias("frequency"),
        share(pl.col("recency"), over_history("gap_days_mean")).alias("overdue_ratio"),
        "cart_abandonments",
        "^number_of_sessions_.*$",
        *each_window(_means),
        "^gap_days_mean_.*$",
        "^gap_log_cv_.*$",
    )


def _sizes(history: History) -> pl.LazyFrame:
    length = (pl.col("ended_at") - pl.col("started_at")).dt.total_seconds()
    is_abandoned = (pl.col("carts") > 0) & (pl.col("purchases") == 0)
    is_short = pl.col("quarters") == 1
    # All windows end together: what was last seen since one began has an event in it.
    seen = {
        f"number_of_sessions_{months}m": history.in_window("ended_at", months).sum().cast(pl.Int64)
        for months in WINDOWS
    }
    return (
        history.marked(history.whole_sessions, "started_at")
        .group_by("user_id")
        .agg(
            pl.len().alias("sessions"),
            is_abandoned.sum().cast(pl.Int64).alias("cart_abandonments"),
            *sums(
                sessions=pl.lit(1, pl.Int64),
                events=pl.col("events"),
                seconds=pl.min_horizontal(length, LONGEST_SESSION_SECONDS),
                bounces=(pl.col("events") == 1).cast(pl.Int64),
                short_products=pl.when(is_short).then("products").otherwise(0),
            ),
            **seen,
        )
    )


def _products(history: History) -> pl.LazyFrame:
    """The distinct products of sessions longer than a quarter of an hour, whose rows share some."""
    key = ["user_id", "user_session"]
    # By number, for a number is counted in a quarter of the time of a session's name.
    long = history.once(
        history.whole_sessions.filter(pl.col("quarters") > 1)
        .select(*key, "started_at")
        .with_row_index("session")
    )
    number = (
        history.sessions.select(*key, "products")
        .join(long, on=key)
        .select("session", "products")
        .explode("products", empty_as_null=False, keep_nulls=False)
        .group_by("session")
        .agg(pl.col("products").n_unique().cast(pl.Int64))
    )
    counted = history.marked(long.join(number, on="session", how="left"), "started_at")
    return counted.group_by("user_id").agg(sums(long_products=pl.col("products")))


def _means(window: str) -> dict[str, pl.Expr]:
    number = pl.col(f"sessions{window}")
    short, long = pl.col(f"short_products{window}"), pl.col(f"long_products{window}")
    return {
        "events_per_session": share(pl.col(f"events{window}"), number),
        "products_per_session": share(short + long.fill_null(0), number),
        "session_minutes_mean": share(pl.col(f"seconds{window}"), number) / 60,
        "bounce_share": share(pl.col(f"bounces{window}"), number),
    }


def _gaps(history: History) -> pl.LazyFrame:
    """The gaps between session starts; a gap belongs to the window in which it began."""
    start, user = pl.col("started_at"), pl.col("user_id")
    before = pl.when(user == user.shift(1)).then(start.shift(1))
    gaps = (
        history.whole_sessions.select("user_id", "started_at")
        .sort("user_id", "started_at")
        .with_columns(before=before)
        .drop_nulls("before")
        .with_columns(gap_seconds=(start - pl.col("before")).dt.total_seconds())
        .with_columns(log_gap=(pl.col("gap_seconds") / _SECONDS_A_DAY).log1p())
    )
    measured = history.marked(gaps, "before").group_by("user_id")
    return measured.agg(
        *sums(gaps=pl.lit(1, pl.Int64), gap_seconds=pl.col("gap_seconds")), *each_window(_log_gaps)
    )


def _log_gaps(window: str) -> dict[str, pl.Expr]:
    inside = pl.when(f"in{window}").then("log_gap")
    return {"log_gap_mean": inside.mean(), "log_gap_sd": inside.std()}


def _gap_measures(window: str) -> dict[str, pl.Expr]:
    gaps, seconds = pl.col(f"gaps{window}"), pl.col(f"gap_seconds{window}")
    return {
        "gap_days_mean": share(seconds, gaps) / _SECONDS_A_DAY,
        "gap_log_cv": share(pl.col(f"log_gap_sd{window}"), pl.col(f"log_gap_mean{window}")),
    }
