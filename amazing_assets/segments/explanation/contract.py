"""The promises of the tables that tell the model as rules."""

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table
from amazing_assets.segments.contract import code_of_name, status_of_name, traits_of_name
from amazing_assets.small_cells import SMALLEST_CELL


class SegmentSurrogate(Table):
    """One row per size of tree and segment: how well rules copy the model, held out."""

    leaves_allowed: pl.Int64 = pa.Field(
        ge=2, nullable=True, description="Leaves the tree may have. Null: as many as it likes."
    )
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
    """One row per rule and condition: a rule is a leaf of the tree that copies the model.

    It describes the customers who meet all of its conditions.
    """

    segment: pl.Int16 = pa.Field(ge=1, description="Number of the segment. Never null.")
    segment_name: pl.String = code_of_name()
    name_status: pl.String = status_of_name()
    name_traits: pl.String = traits_of_name()
    rule_number: pl.Int16 = pa.Field(
        ge=1, description="Position within the segment, the rule of most customers first."
    )
    condition_number: pl.Int16 = pa.Field(
        ge=1, description="Position within the rule, in the order in which the tree asks."
    )
    feature: pl.String = pa.Field(
        nullable=True,
        description="What the condition is about: a column of user_features, in its unit; or "
        "usual_hour_7m, the hour of the day around which the customer is active, 0 to 24, local. "
        "Null: the rule has no condition, it describes all customers.",
    )
    above: pl.Float64 = pa.Field(
        nullable=True,
        description="The feature is larger than this. Null: it may be as small as it likes.",
    )
    up_to: pl.Float64 = pa.Field(
        nullable=True,
        description="The feature is at most this. Null: it may be as large as it likes.",
    )
    share: pl.Float64 = pa.Field(
        ge=0, le=1, description="Share of all customers whom the rule describes. Never null."
    )
    purity: pl.Float64 = pa.Field(
        ge=0, le=1, description="Share of those whom the model puts there too. Never null."
    )
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")

    class Config:
        """A condition is there once."""

        unique = ["segment", "rule_number", "condition_number"]  # noqa: RUF012  read by pandera
