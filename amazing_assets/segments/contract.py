"""The promises of the tables about segments."""

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table

UNCLASSIFIED = "unclassified"

POPULATION = "population"


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
