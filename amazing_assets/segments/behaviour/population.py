"""Who can honestly be given a segment, and why the others cannot."""

import polars as pl

from amazing_assets.dates import HISTORY

# Split-half agreement (Cohen's kappa) of the assigned segment by events per half: [3,5) .50,
# [5,8) .56, [8,12) .66, [12,20) .74. The first bin that agrees substantially starts at 8 to 10
# events per half, hence 20 in all. On generated data 20 keeps 84 % of the customers and 99.5 %
# of the revenue; on thinner real data it keeps fewer customers.
EVENT_THRESHOLD = 20

# A segment describes the history; earlier customers show none of that behaviour.
REACH = f"-{HISTORY}mo"

POPULATION_COLUMNS = (
    "user_id",
    "as_of",
    "feature_version",
    "n_events_history",
    "is_bot_suspect",
    "recency_days",
)


def reason(event_threshold: int) -> pl.Expr:
    """Why a customer has no segment; null for those who get one. The first that applies."""
    return (
        pl.when(pl.col("n_events_history") < event_threshold)
        .then(pl.lit("insufficient_events"))
        .when(pl.col("is_bot_suspect"))
        .then(pl.lit("bot_suspect"))
        .when(last_event() < pl.col("as_of").dt.offset_by(REACH))
        .then(pl.lit("dormant_out_of_window"))
        .otherwise(pl.lit(None, pl.String))
    )


def last_event() -> pl.Expr:
    """The date of the customer's last event."""
    return pl.col("as_of") - pl.duration(days="recency_days")


def eligible(features: pl.DataFrame, event_threshold: int) -> pl.DataFrame:
    """Return the customers who get a segment, by customer, so that no order leaves a trace."""
    return features.filter(reason(event_threshold).is_null()).sort("user_id")


def counted(features: pl.DataFrame, event_threshold: int) -> dict[str, int]:
    """Return how many customers are eligible and how many are not, by reason."""
    kinds = features.select(reason(event_threshold).fill_null("eligible").alias("kind"))
    # Of a small shop nobody may be eligible, which is said rather than left out.
    return {"eligible": 0, **dict(kinds.group_by("kind").len().sort("kind").iter_rows())}


def stratified(customers: pl.DataFrame, rows: int, seed: int) -> pl.DataFrame:
    """Return at most so many customers, drawn alike from every tenth of the event counts."""
    if customers.height <= rows:
        return customers
    tenth = (pl.col("n_events_history").rank("ordinal") * 10 // (pl.len() + 1)).alias("tenth")
    lot = pl.int_range(pl.len()).shuffle(seed=seed).over("tenth")
    fraction = rows / customers.height
    kept = lot < (pl.len().over("tenth") * fraction).floor()
    return customers.with_columns(tenth).filter(kept).drop("tenth")
