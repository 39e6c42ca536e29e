"""The tables of events, and what every column of them promises."""

from __future__ import annotations

from typing import Annotated

import pandera.polars as pa
import polars as pl

# In the order of the funnel; within one second a customer is taken to have acted in this order.
EVENT_TYPES = ("view", "cart", "remove_from_cart", "purchase")
EventType = pl.Enum(EVENT_TYPES)

REASONS = (
    "too_few_fields",
    "too_many_fields",
    "not_utf8",
    "unparsable_time",
    "outside_month",
    "unknown_event_type",
    "missing_id",
    "unparsable_id",
    "unparsable_price",
)
Reason = pl.Enum(REASONS)

UTC_TIME = Annotated[pl.Datetime, "us", "UTC"]
EVENT_TYPE = Annotated[pl.Enum, EVENT_TYPES]


class RawEvents(pa.DataFrameModel):
    """One row per readable row of the month's files, exactly as delivered but for the id."""

    event_time: UTC_TIME = pa.Field(description="When it happened, UTC, to the second.")
    event_type: EVENT_TYPE = pa.Field(description="What the customer did.")
    product_id: int = pa.Field(description="The product, as the shop numbers it.")
    category_id: int = pa.Field(
        nullable=True, description="The product's category, as the shop numbers it; null: none."
    )
    category_code: str = pa.Field(
        nullable=True, description="The category's path, as electronics.smartphone; null: none."
    )
    brand: str = pa.Field(nullable=True, description="The product's brand; null: unknown.")
    price_cents: int = pa.Field(description="The price shown, cents; may be zero or below.")
    user_id: int = pa.Field(ge=0, description="The customer's pseudonym, never the shop's id.")
    user_session: str = pa.Field(nullable=True, description="The visit's id; null: not recorded.")

    class Config:
        """No column more, no column less."""

        strict = True


class RejectedEvents(pa.DataFrameModel):
    """One row per row of the files that could not be read or does not belong to the month."""

    file: str = pa.Field(description="Name of the landed file.")
    line_number: int = pa.Field(ge=2, description="Line in the file; the header is line 1.")
    reason: Annotated[pl.Enum, REASONS] = pa.Field(description="Why it was not kept.")
    line: str = pa.Field(description="The line verbatim, the customer's id masked by ***.")

    class Config:
        """No column more, no column less."""

        strict = True


class CleanEvents(pa.DataFrameModel):
    """One row per thing that a customer did, by customer and then by time."""

    user_id: int = pa.Field(ge=0, description="The customer's pseudonym.")
    event_time: UTC_TIME = pa.Field(description="When it happened, UTC, to the second.")
    event_type: EVENT_TYPE = pa.Field(description="What the customer did.")
    product_id: int = pa.Field(description="The product, as the shop numbers it.")
    category_id: int = pa.Field(
        nullable=True, description="The product's category, as the shop numbers it; null: none."
    )
    category_code: str = pa.Field(
        nullable=True,
        description="The category's path of that month, trimmed, lower case; null: none.",
    )
    brand: str = pa.Field(
        nullable=True, description="The product's brand, trimmed, lower case; null: unknown."
    )
    price_cents: int = pa.Field(
        gt=0, nullable=True, description="The price shown, cents; null: zero or below, no price."
    )
    user_session: str = pa.Field(nullable=True, description="The visit's id; null: not recorded.")
    is_bot_suspect: bool = pa.Field(
        description="The customer made more than 500 events on one day of the month, 500 in one "
        "session, or 300 sessions in the month."
    )

    class Config:
        """No column more, no column less."""

        strict = True
