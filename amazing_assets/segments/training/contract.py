"""The promise of the table about what became of the segments before."""

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table


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
