"""The promise of the table about the threshold."""

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table


class EventThreshold(Table):
    """One row per figure: from how many events on a customer's segment can be relied upon."""

    as_of: pl.Date = pa.Field(description="Reference date of the customers. Never null.")
    model_version: pl.String = pa.Field(
        description="Version of the model that placed them; `unpublished`: fitted for this, before "
        "there was a champion. Never null."
    )
    experiment: pl.String = pa.Field(
        isin=(
            "test_retest",
            "thinning_25",
            "thinning_50",
            "thinning_75",
            "coverage",
            "refit",
            "choice",
        ),
        description="test_retest: odd against even sessions; thinning: that share of the sessions "
        "against all; coverage: what a threshold keeps; refit: segments found above a threshold, "
        "found again in bootstrap samples; choice: the result.",
    )
    measure: pl.String = pa.Field(
        isin=(
            "kappa",
            "users_kept",
            "events_kept",
            "revenue_kept",
            "jaccard_mean",
            "jaccard_min",
            "event_threshold",
        ),
        description="kappa: Cohen's, agreement of the segments beyond chance; users_kept, "
        "events_kept, revenue_kept: shares of all customers, bots left out; jaccard_mean, "
        "jaccard_min: over the segments; event_threshold: events.",
    )
    at_least: pl.Int64 = pa.Field(
        nullable=True,
        description="Fewest events: in a half (mean of both), in the part seen, or in the history. "
        "Null: the choice.",
    )
    below: pl.Int64 = pa.Field(
        nullable=True, description="Events from which the next bin begins. Null: open, or no bin."
    )
    customers: pl.Int64 = pa.Field(
        ge=0, nullable=True, description="Customers behind the figure. Null: the choice."
    )
    value: pl.Float64 = pa.Field(nullable=True, description="The figure. Null: not measurable.")
    lower: pl.Float64 = pa.Field(
        nullable=True,
        description="Bound above which the figure lies with 95 %, by bootstrap over customers. "
        "Null: none was computed.",
    )
    passes: pl.Boolean = pa.Field(
        nullable=True,
        description="Whether it is good enough (kappa .65 with a bound of .60; 97 % of the "
        "revenue); of the choice, whether the experiment made it, else the default stays. Null: "
        "not judged, or fewer than 50 customers.",
    )
    explanation_english: pl.String = pa.Field(
        nullable=True, description="The choice in words, English. Null: not the choice."
    )
    explanation_french: pl.String = pa.Field(
        nullable=True, description="The choice in words, French. Null: not the choice."
    )
