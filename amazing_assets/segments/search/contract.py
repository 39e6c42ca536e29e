"""The promises of the tables that say how the segments were found."""

from typing import Any

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table
from amazing_assets.models.tables import share
from amazing_assets.small_cells import SMALLEST_CELL


def agreement(description: str) -> Any:  # noqa: ANN401 - as Pandera's own
    """An adjusted Rand index that may be unknown."""
    return pa.Field(ge=-1, le=1, nullable=True, description=f"{description} Null: not measured.")


# The gate of chance, as `failed_gates` and `unmeasured_gates` name it.
CHANCE_GATE = "G7"

# Measures of `SegmentValidation` that stand beside null worlds.
AGREEMENT = "agreement of visits"
EXPLAINED = "explained on other visits"
GAIN = "likelihood gain on other visits"


class SegmentCandidates(Table):
    """One row per way of grouping and number of segments that was tried; the RFM grid first.

    Agreements are adjusted Rand indices: 1 the same groups, 0 chance.
    """

    candidate: pl.String = pa.Field(description="Way of grouping; `_pca95` on components.")
    k: pl.Int64 = pa.Field(ge=0, description="Number of segments; 0: it found none by itself.")
    prediction_strength: pl.Float64 = share(
        "G2: pairs that one half groups together and the other half would too, mean. Null: it "
        "could not be fitted."
    )
    prediction_strength_min: pl.Float64 = share("G2 of the weakest segment. Null: as above.")
    silhouette: pl.Float64 = pa.Field(
        ge=-1, le=1, nullable=True, description="In the space shared by all. Null: not fitted."
    )
    likelihood_gain: pl.Float64 = pa.Field(
        nullable=True,
        description="`structure`: log-likelihood per held-out customer beyond one cloud, nats. "
        "Null: not fitted.",
    )
    likelihood_gain_error: pl.Float64 = pa.Field(
        nullable=True, description="Its standard error over halvings. Null: not fitted."
    )
    min_share: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="G1: share of the smallest segment. Null: hidden, fewer than 20 customers.",
    )
    min_users: pl.Int64 = pa.Field(
        ge=SMALLEST_CELL,
        nullable=True,
        description="G1: customers in the smallest segment. Null: hidden, fewer than 20.",
    )
    noise_share: pl.Float64 = pa.Field(
        ge=0, le=1, description="G1: customers that the way of grouping called noise."
    )
    jaccard: pl.Float64 = share("G3: bootstrap Jaccard index, mean. Null: not measured.")
    jaccard_min: pl.Float64 = share("G3 of the weakest segment. Null: not measured.")
    agreement_in_time: pl.Float64 = agreement("G4: with the segments of a month earlier.")
    agreement_with_bots: pl.Float64 = agreement("G5: after 0.5 % of bots were planted.")
    agreement_of_seeds: pl.Float64 = agreement("G6: of several random seeds.")
    agreement_without_spenders: pl.Float64 = agreement("After leaving out the top 1 % spenders.")
    agreement_of_visits: pl.Float64 = agreement(
        "G7: Cohen's kappa of segments found on odd and on even visits."
    )
    agreement_by_chance: pl.Float64 = agreement("G7: the same of null worlds, mean.")
    weakest_beyond_chance: pl.Float64 = pa.Field(
        le=1,
        nullable=True,
        description="G7: of the weakest segment, what its agreement adds to that of null "
        "worlds, as a share of what these leave to 1. Null: not measured.",
    )
    eta_squared: pl.Float64 = share(
        "Share of the variance of the next 28 days' revenue that lies between segments. Null: "
        "not measured."
    )
    tree_fidelity: pl.Float64 = share(
        "Held-out customers whom a tree of 14 leaves places alike. Null: not fitted."
    )
    score: pl.Float64 = share(
        "What passing candidates are ranked by; provisional where gates were not measured. Null: "
        "failed a cheap gate."
    )
    passed: pl.Boolean = pa.Field(description="Whether every gate was measured and passed.")
    failed_gates: pl.String = pa.Field(nullable=True, description="Names. Null: none.")
    unmeasured_gates: pl.String = pa.Field(
        nullable=True,
        description="Gates not measured: of who failed a cheap gate, or was no finalist, or for "
        "want of a month before (G4). Null: all were.",
    )
    chosen: pl.Boolean = pa.Field(description="Whether it became the model.")
    notes: pl.String = pa.Field(nullable=True, description="Warnings, or why it was rejected.")
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")


class SegmentValidation(Table):
    """One row per measure and fold of the cross-validation by customer, then the medians."""

    measure: pl.String = pa.Field(
        description="`agreement`: adjusted Rand index with the published segments on held-out "
        "customers; `silhouette`: trimmed by 10 %; `likelihood gain`: nats beyond one cloud; "
        "`min share`: of the smallest segment; the effect of leaving something out; or, beside "
        "null worlds in which visits keep customer, day and length and get the contents of others: "
        "`agreement of visits`: Cohen's kappa of segments found on odd and on even visits, of all "
        "and of each segment; `explained on other visits`: variance of what is done on even "
        "visits between segments of odd ones; `likelihood gain on other visits`."
    )
    fold: pl.Int64 = pa.Field(
        ge=1, nullable=True, description="Number of the fold. Null: median, or all customers."
    )
    segment: pl.Int64 = pa.Field(
        ge=1,
        nullable=True,
        description="The segment that the figure is about, as in `segment_assignments`. Null: all.",
    )
    value: pl.Float64 = pa.Field(description="The figure. Never null.")
    required: pl.Float64 = pa.Field(
        nullable=True, description="What it had to reach. Null: it is told, not required."
    )
    by_chance: pl.Float64 = pa.Field(
        nullable=True,
        description="The same of null worlds, mean. Null: not compared with chance.",
    )
    error_rate: pl.Float64 = share(
        "How likely a null world reaches the figure (Student's t). Null: as above."
    )
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")


class SegmentFeatures(Table):
    """One row per feature that was offered, the most telling first."""

    feature: pl.String = pa.Field(unique=True, description="Name as in `user_features`.")
    kept: pl.Boolean = pa.Field(description="Whether the segments are made of it.")
    reason_code: pl.String = pa.Field(
        isin=("constant", "one_value", "redundant_with", "no_habit"),
        nullable=True,
        description="Why it was dropped. constant: the same for everybody; one_value: the same for "
        "more than 99 %; redundant_with: another feature says the same; no_habit: from "
        "visit to visit customers repeat it no more than chance does. Null: it is kept.",
    )
    other: pl.String = pa.Field(
        nullable=True,
        description="The feature that says the same, as in `user_features`. Null: not redundant.",
    )
    figure: pl.Float64 = pa.Field(
        ge=-1,
        le=1,
        nullable=True,
        description="one_value: share of customers who have it; redundant_with: Spearman's rank "
        "correlation with the other feature. Null: kept, or constant.",
    )
    gap_share: pl.Float64 = pa.Field(
        ge=0, le=1, description="Customers of whom it is unknown, where that is frequent; else 0."
    )
    moved_by_shuffling: pl.Float64 = share(
        "Customers who change segment when it is exchanged between customers. Null: dropped."
    )
    agreement_without: pl.Float64 = agreement("Of segments found without it.")
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")


class SegmentAssigners(Table):
    """One row per simpler rule that learnt to place customers as the model does."""

    assigner: pl.String = pa.Field(unique=True, description="The rule.")
    agreement: pl.Float64 = pa.Field(
        ge=0, le=1, description="Held-out customers whom it places alike."
    )
    adjusted_rand_index: pl.Float64 = pa.Field(ge=-1, le=1, description="The same, without luck.")
    customers: pl.Int64 = pa.Field(ge=0, description="How many were held out.")
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")
