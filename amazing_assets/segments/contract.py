"""The promises of the tables about segments."""

import pandera.polars as pa
import polars as pl

UNCLASSIFIED = "unclassified"


class SegmentAssignments(pa.DataFrameModel):
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

    class Config:
        """Exactly these columns."""

        strict = True


class SegmentSurrogate(pa.DataFrameModel):
    """One row per size of tree and segment: how well rules copy the model, on held-out customers."""

    leaves_allowed: pl.Int64 = pa.Field(ge=2, description="Leaves the tree may have. Never null.")
    leaves: pl.Int64 = pa.Field(ge=1, description="Leaves it has: its rules. Never null.")
    segment: pl.Int16 = pa.Field(
        ge=1, nullable=True, description="Number of the segment. Null: all segments together."
    )
    customers: pl.Int64 = pa.Field(ge=0, description="Held-out customers. Never null.")
    accuracy: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="Share of them whom the tree puts where the model does. Null: nobody held out.",
    )
    f1: pl.Float64 = pa.Field(
        ge=0, le=1, description="F1 of the segment against the rest; for all, the mean. Never null."
    )
    auc: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="Area under the ROC curve of the segment against the rest; for all, the worst. "
        "Null: no held-out customer in it, or none outside.",
    )
    cost_ratio: pl.Float64 = pa.Field(
        ge=0,
        nullable=True,
        description="Sum of squared distances from the centres of the tree's groups / of the "
        "model's: 1 is as compact. Null: a row of one segment.",
    )
    told: pl.Boolean = pa.Field(description="Whether `segment_rules` are those of this tree.")
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")

    class Config:
        """Exactly these columns."""

        strict = True


class SegmentConfusion(pa.DataFrameModel):
    """One row per segment of the model and of the rules: held-out customers in both."""

    segment: pl.Int16 = pa.Field(ge=1, description="Number of the model's segment. Never null.")
    segment_by_rules: pl.Int16 = pa.Field(
        ge=1, description="Number of the segment by the rules. Never null."
    )
    customers: pl.Int64 = pa.Field(ge=1, description="Held-out customers. Never null.")
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")

    class Config:
        """Exactly these columns."""

        strict = True


class SegmentRules(pa.DataFrameModel):
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

    class Config:
        """Exactly these columns."""

        strict = True
