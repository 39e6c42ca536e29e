"""The promises of the tables about the segments of a month."""

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table
from amazing_assets.segments.contract import code_of_name, status_of_name, traits_of_name
from amazing_assets.small_cells import SMALLEST_CELL

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


class SegmentProfiles(Table):
    """One row per figure of a segment and month; of all that customers did in seven months."""

    month: pl.Date = pa.Field(description="First day of the last of the seven months. Never null.")
    segment: pl.Int16 = pa.Field(
        ge=1,
        nullable=True,
        description="Number of the segment. Null: `unclassified` or `population`, see the name.",
    )
    segment_name: pl.String = code_of_name(
        "`unclassified`: customers without one", "`population`: all customers with one"
    )
    name_status: pl.String = status_of_name("Null: no segment, see the name.")
    name_traits: pl.String = traits_of_name("Null: no segment, or")
    topic: pl.String = pa.Field(
        isin=PROFILE_TOPICS,
        description="What the figure is about. size: how much of the shop the segment is. feature: "
        "a column of user_features. category, brand: tastes. hour, weekday: when, local. season. "
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
        description="Code of its name; `unclassified`; `new`: unknown the month before. Never null."
    )
    to_segment: pl.Int16 = pa.Field(
        ge=1, nullable=True, description="Segment in the month. Null: none, see the name."
    )
    to_name: pl.String = pa.Field(
        description="Code of its name; `unclassified`; `gone`: no event in seven months. Never "
        "null."
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
