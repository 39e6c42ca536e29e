"""The promise of the table about the threshold."""

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table
from amazing_assets.small_cells import SMALLEST_CELL

# Of the choice alone, beside the measures that it shares with the experiments.
FIGURES = (
    "events_in_half",
    "kappa_lower",
    "customers",
    "kappa_wanted",
    "reliable_events",
    "revenue_wanted",
)

REASONS = (
    "reliable",
    "untested",
    "no_agreement",
    "revenue_lost",
    "visits_missing",
    "too_few_users",
    "undifferentiated",
    "segmentation_not_stable",
    "made_by_chance",
)


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
            *FIGURES,
        ),
        description="kappa: Cohen's, agreement of the segments beyond chance; users_kept, "
        "events_kept, revenue_kept: shares of all customers, bots left out; jaccard_mean, "
        "jaccard_min: over the segments; event_threshold: events. Of the choice alone, what speaks "
        "for it: events_in_half; kappa_lower: its bound; customers: in the bin; kappa_wanted; "
        "reliable_events: would be reliable; revenue_wanted.",
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
        ge=SMALLEST_CELL,
        nullable=True,
        description="Customers behind the figure. Null: the choice, or fewer than 20.",
    )
    value: pl.Float64 = pa.Field(
        nullable=True,
        description="The figure. Null: not measurable, or of fewer than 20 customers.",
    )
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
    reason: pl.String = pa.Field(
        isin=REASONS,
        nullable=True,
        description="Why this number of events was chosen. reliable: from it on the two halves of "
        "a customer's visits lead to the same segment, and the revenue is kept. In all other cases "
        "the default stays: untested: no experiment was run; no_agreement: no number is reliable; "
        "revenue_lost: the reliable one keeps too little; visits_missing: the lake lacks the "
        "visits of the customers; too_few_users, undifferentiated, segmentation_not_stable, "
        "made_by_chance: there are no segments to try it on. Null: any row but that of "
        "event_threshold.",
    )
