"""The promise of the table about what became of the segments before."""

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table
from amazing_assets.segments.contract import code_of_name, status_of_name, traits_of_name


class SegmentSuccession(Table):
    """One row per segment of a refit, old or new: what became of it."""

    segment: pl.Int16 = pa.Field(ge=1, description="Number of the segment. Never null.")
    segment_name: pl.String = code_of_name()
    name_status: pl.String = status_of_name()
    name_traits: pl.String = traits_of_name()
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
    split_into: pl.String = pa.Field(
        nullable=True,
        description="Of an old segment that split: the numbers of the new ones that share 30 % and "
        "more of the customers with it, joined by `, `. Null: it did not split.",
    )
    merged_from: pl.String = pa.Field(
        nullable=True,
        description="Of a segment that old ones merged into: the numbers of those that share 30 % "
        "and more of the customers with it, joined by `, `. Null: none merged.",
    )
    name_drift: pl.Boolean = pa.Field(
        description="Whether the naming rules would call it something else by now. Never null."
    )
