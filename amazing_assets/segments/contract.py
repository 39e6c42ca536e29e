"""The promises of the tables about segments."""

from typing import Any

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table, schema_of

UNCLASSIFIED = "unclassified"

# What a figure of drift asks for: nothing, a look, a new fit.
OK, WARN, REFIT = "ok", "warn", "refit"

# Fewer customers than this in a cell could be recognised: their figures are published nowhere, and
# neither is a figure from which they could be computed. An empty cell is hidden like a small one.
SMALLEST_CELL = 20

POPULATION = "population"

PROFILE_TOPICS = (
    "size",
    "feature",
    "category",
    "brand",
    "hour",
    "weekday",
    "season",
    "rfm",
    "rfm_cell",
    "map",
    "map_cell",
)


def share(description: str) -> Any:  # noqa: ANN401 - as Pandera's own
    """A figure between 0 and 1 that may be unknown."""
    return pa.Field(ge=0, le=1, nullable=True, description=description)


def agreement(description: str) -> Any:  # noqa: ANN401 - as Pandera's own
    """An adjusted Rand index that may be unknown."""
    return pa.Field(ge=-1, le=1, nullable=True, description=f"{description} Null: not measured.")


def unversioned(contract: type[pa.DataFrameModel]) -> pl.Schema:
    """Return the columns of a table about a model that has no version yet."""
    known = schema_of(contract)
    return pl.Schema({name: kind for name, kind in known.items() if name != "model_version"})


class SegmentAssignments(Table):
    """One row per customer and month: the segment, or the reason for none."""

    month: pl.Date = pa.Field(description="First day of the month that was scored. Never null.")
    user_id: pl.Int64 = pa.Field(description="The customer's pseudonym. Never null.")
    segment: pl.Int16 = pa.Field(
        ge=1,
        nullable=True,
        description="Number of the segment; it stays the segment's own through every refit. Null: "
        "unclassified.",
    )
    segment_name: pl.String = pa.Field(
        description="Name of the segment, or `unclassified`. Never null."
    )
    reason: pl.String = pa.Field(
        isin=("insufficient_events", "bot_suspect", "dormant_out_of_window"),
        nullable=True,
        description="Why the customer has no segment. Null: has one.",
    )
    margin: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="How clearly the customer belongs there: 0 a toss-up with the next segment, "
        "1 beyond doubt. Null: unclassified, or assigned by rules that know no doubt.",
    )
    model_version: pl.String = pa.Field(
        description="Registered version of the segment model that assigned. Never null."
    )


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
    min_share: pl.Float64 = pa.Field(ge=0, le=1, description="G1: share of the smallest segment.")
    min_users: pl.Int64 = pa.Field(ge=0, description="G1: customers in the smallest segment.")
    noise_share: pl.Float64 = pa.Field(
        ge=0, le=1, description="G1: customers that the way of grouping called noise."
    )
    jaccard: pl.Float64 = share("G3: bootstrap Jaccard index, mean. Null: not measured.")
    jaccard_min: pl.Float64 = share("G3 of the weakest segment. Null: not measured.")
    agreement_in_time: pl.Float64 = agreement("G4: with the segments of a month earlier.")
    agreement_with_bots: pl.Float64 = agreement("G5: after 0.5 % of bots were planted.")
    agreement_of_seeds: pl.Float64 = agreement("G6: of several random seeds.")
    agreement_without_spenders: pl.Float64 = agreement("After leaving out the top 1 % spenders.")
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
        "`min share`: of the smallest segment; or the effect of leaving something out."
    )
    fold: pl.Int64 = pa.Field(
        ge=1, nullable=True, description="Number of the fold. Null: median, or all customers."
    )
    value: pl.Float64 = pa.Field(description="The figure. Never null.")
    required: pl.Float64 = pa.Field(
        nullable=True, description="What it had to reach. Null: it is told, not required."
    )
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")


class SegmentFeatures(Table):
    """One row per feature that was offered, the most telling first."""

    feature: pl.String = pa.Field(unique=True, description="Name as in `user_features`.")
    kept: pl.Boolean = pa.Field(description="Whether the segments are made of it.")
    reason: pl.String = pa.Field(nullable=True, description="Why it was dropped. Null: it is kept.")
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


class SegmentSurrogate(Table):
    """One row per size of tree and segment: how well rules copy the model, held out."""

    leaves_allowed: pl.Int64 = pa.Field(ge=2, description="Leaves the tree may have. Never null.")
    leaves: pl.Int64 = pa.Field(ge=1, description="Leaves it has: its rules. Never null.")
    segment: pl.Int16 = pa.Field(
        ge=1, nullable=True, description="Number of the segment. Null: all segments together."
    )
    customers: pl.Int64 = pa.Field(
        ge=0,
        nullable=True,
        description="Held-out customers. Null: hidden, fewer than 20 in the segment or the next "
        "smallest, which would give it away.",
    )
    accuracy: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="Share of them whom the tree puts where the model does. Null: hidden, as those "
        "customers are in `segment_confusion`.",
    )
    f1: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="F1 of the segment against the rest; for all, the mean. Null: hidden, as the "
        "accuracy.",
    )
    auc: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="Area under the ROC curve of the segment against the rest; for all, the worst. "
        "Null: fewer than 20 held-out customers in it, or outside.",
    )
    cost_ratio: pl.Float64 = pa.Field(
        ge=0,
        nullable=True,
        description="Sum of squared distances from the centres of the tree's groups / of the "
        "model's: 1 is as compact. Null: a row of one segment.",
    )
    told: pl.Boolean = pa.Field(description="Whether `segment_rules` are those of this tree.")
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")


class SegmentConfusion(Table):
    """One row per segment of the model and segment of the rules: held-out customers in both."""

    segment: pl.Int16 = pa.Field(ge=1, description="Number of the model's segment. Never null.")
    segment_by_rules: pl.Int16 = pa.Field(
        ge=1, description="Number of the segment by the rules. Never null."
    )
    customers: pl.Int64 = pa.Field(
        ge=SMALLEST_CELL,
        nullable=True,
        description="Held-out customers. Null: hidden, fewer than 20 or nobody, or it would give "
        "away another hidden cell.",
    )
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")


class SegmentRoc(Table):
    """One row per point of the ROC curve of a segment's rules against all other segments.

    There is none of a segment of fewer than 20 held-out customers.
    """

    segment: pl.Int16 = pa.Field(ge=1, description="Number of the segment. Never null.")
    false_positive_rate: pl.Float64 = pa.Field(
        ge=0, le=1, description="Share of the other segments' customers, held out, let in."
    )
    true_positive_rate: pl.Float64 = pa.Field(
        ge=0, le=1, description="Share of the segment's customers, held out, found."
    )
    model_version: pl.String = pa.Field(
        description="Registered version of the segment model that is copied. Never null."
    )


class SegmentRules(Table):
    """One row per rule: a leaf of the tree that copies the model, in words."""

    segment: pl.Int16 = pa.Field(ge=1, description="Number of the segment. Never null.")
    segment_name: pl.String = pa.Field(description="Name of the segment, French. Never null.")
    segment_name_english: pl.String = pa.Field(
        description="Name of the segment, English. Never null."
    )
    rule_number: pl.Int16 = pa.Field(
        ge=1, description="Position within the segment, the rule of most customers first."
    )
    share: pl.Float64 = pa.Field(
        ge=0, le=1, description="Share of all customers whom the rule describes. Never null."
    )
    purity: pl.Float64 = pa.Field(
        ge=0, le=1, description="Share of those whom the model puts there too. Never null."
    )
    rule_french: pl.String = pa.Field(description="The rule, French. Never null.")
    rule_english: pl.String = pa.Field(description="The rule, English. Never null.")
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")


class SegmentSuccession(Table):
    """One row per segment of a refit, old or new: what became of it."""

    segment: pl.Int16 = pa.Field(ge=1, description="Number of the segment. Never null.")
    segment_name: pl.String = pa.Field(description="Its name, French. Never null.")
    segment_name_english: pl.String = pa.Field(description="Its name, English. Never null.")
    fate: pl.String = pa.Field(
        isin=("kept", "new", "retired"),
        description="kept: continues a segment; new: continues none; retired: is not continued.",
    )
    jaccard: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="Customers in old and new / in either, of those whom both models place. Null: "
        "not kept.",
    )
    distance: pl.Float64 = pa.Field(
        ge=0,
        nullable=True,
        description="Between old and new centre, standard deviations. Null: not kept.",
    )
    shares_with: pl.String = pa.Field(
        nullable=True,
        description="Of a segment that split or merged: the new groups or old segments that share "
        "30 % and more with it. Null: none.",
    )
    name_drift: pl.Boolean = pa.Field(
        description="Whether the naming rules would call it something else by now. Never null."
    )


class SegmentDrift(Table):
    """One row per month and figure: whether customers are still what they were at the fit."""

    month: pl.Date = pa.Field(description="First day of the month. Never null.")
    measure: pl.String = pa.Field(
        isin=(
            "share_psi",
            "feature_psi",
            "share",
            "mean_margin",
            "low_margin_share",
            "unclassified_share",
            "silhouette",
        ),
        description="share_psi, feature_psi: population stability index against the fit; share: of "
        "a segment among the customers who have one; mean_margin; low_margin_share: of customers "
        "with a margin below .1; unclassified_share: of all customers; silhouette. Who moved is in "
        "`segment_migrations`.",
    )
    item: pl.String = pa.Field(
        nullable=True,
        description="Feature of a feature_psi, number of a share's segment. Null: the figure is "
        "about all.",
    )
    value: pl.Float64 = pa.Field(
        nullable=True,
        description="The figure. Null: not measurable; of a share: hidden, the segment has fewer "
        "than 20 customers or would give away one that has.",
    )
    reference: pl.Float64 = pa.Field(
        nullable=True,
        description="The same at the fit. Null: the figure compares by itself, or as above.",
    )
    level: pl.String = pa.Field(
        isin=(OK, WARN, REFIT),
        nullable=True,
        description="ok; warn: an index from .10; refit: an index from .25, or a mean margin 20 % "
        "lower than at the fit. Null: the figure has no limit.",
    )
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")


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


class SegmentProfiles(Table):
    """One row per figure of a segment and month; of all that customers did in seven months."""

    month: pl.Date = pa.Field(description="First day of the last of the seven months. Never null.")
    segment: pl.Int16 = pa.Field(
        ge=1,
        nullable=True,
        description="Number of the segment. Null: `unclassified` or `population`, see the name.",
    )
    segment_name: pl.String = pa.Field(
        description="Name of the segment; `unclassified`: customers without one; `population`: all "
        "customers with one. Never null."
    )
    topic: pl.String = pa.Field(
        isin=PROFILE_TOPICS,
        description="What the figure is about. size: how much of the shop the segment is. feature: "
        "a column of user_features. category, brand: tastes. hour, weekday, season: when, UTC. "
        "rfm: scores 1 to 5 of recency, frequency and money, 5 is best. rfm_cell: customers by "
        "their three scores. map: place on the plane of the two principal components. map_cell: "
        "customers in squares of that plane.",
    )
    item: pl.String = pa.Field(
        description="What the figure describes within the topic: a feature, a category, a brand "
        "(the ten largest), an hour (00 to 23), a weekday, a month, a score, three scores (5-4-3), "
        "a square of the plane by its middle (-1.0 0.5). all: the whole segment."
    )
    measure: pl.String = pa.Field(
        description="What was measured. Shares are fractions of 1: user_share, event_share and "
        "revenue_share of all customers (size), otherwise of the segment. lift: event_share over "
        "that of the population. q25, median, q75, mean: over customers of whom it is known. z: "
        "mean standing among the population, ranks standardised to mean 0 and deviation 1, so that "
        "neither logarithms nor extreme customers matter; about -1.7 to 1.7. Money in the shop's "
        "currency."
    )
    value: pl.Float64 = pa.Field(
        nullable=True, description="The figure. Null: suppressed, or there is none."
    )
    users: pl.Int64 = pa.Field(
        ge=SMALLEST_CELL,
        nullable=True,
        description="Customers behind the figure. Null: suppressed.",
    )
    is_suppressed: pl.Boolean = pa.Field(
        description="Hidden: fewer than 20 customers, or it would give away another hidden cell."
    )
    model_version: pl.String = pa.Field(
        description="Registered version of the segment model that assigned. Never null."
    )

    class Config:
        """A figure is there once."""

        unique = ["month", "segment", "segment_name", "topic", "item", "measure"]  # noqa: RUF012  read by pandera


class SegmentMigrations(Table):
    """One row per move that could be made between two months: from where, to where, how many."""

    month: pl.Date = pa.Field(description="First day of the later month. Never null.")
    from_segment: pl.Int16 = pa.Field(
        ge=1, nullable=True, description="Segment in the month before. Null: none, see the name."
    )
    from_name: pl.String = pa.Field(
        description="Its name; `unclassified`; `new`: unknown in the month before. Never null."
    )
    to_segment: pl.Int16 = pa.Field(
        ge=1, nullable=True, description="Segment in the month. Null: none, see the name."
    )
    to_name: pl.String = pa.Field(
        description="Its name; `unclassified`; `gone`: no event in seven months. Never null."
    )
    users: pl.Int64 = pa.Field(
        ge=SMALLEST_CELL,
        nullable=True,
        description="Customers who moved. Null: suppressed, perhaps nobody did.",
    )
    share_of_from: pl.Float64 = pa.Field(
        ge=0, le=1, nullable=True, description="Of those who were there before. Null: suppressed."
    )
    share_of_to: pl.Float64 = pa.Field(
        ge=0, le=1, nullable=True, description="Of those who are there now. Null: suppressed."
    )
    is_suppressed: pl.Boolean = pa.Field(
        description="Hidden: fewer than 20 customers or nobody, or it would give away another "
        "hidden cell."
    )
    from_model_version: pl.String = pa.Field(
        description="Version of the model that assigned the month before. Never null."
    )
    model_version: pl.String = pa.Field(
        description="Version of the model that assigned the month. Never null."
    )

    class Config:
        """A move is there once."""

        unique = ["month", "from_segment", "from_name", "to_segment", "to_name"]  # noqa: RUF012  read by pandera
