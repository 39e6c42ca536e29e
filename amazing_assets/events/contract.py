"""The tables of events, and what every column of them promises."""

from __future__ import annotations

from typing import Annotated

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table

# In the order of the funnel; within one second a customer is taken to have acted in this order.
EVENT_TYPES = ("view", "cart", "remove_from_cart", "purchase")
EventType = pl.Enum(EVENT_TYPES)

# What a purchase with a negative price is, once cleaned: a type of its own, so that nobody who
# counts purchases, their prices or their products counts it by accident.
RETURN = "return"
CLEAN_EVENT_TYPES = (*EVENT_TYPES, RETURN)
CleanEventType = pl.Enum(CLEAN_EVENT_TYPES)

REASONS = (
    "too_few_fields",
    "too_many_fields",
    "stray_quotes",
    "not_utf8",
    "unparsable_time",
    "outside_month",
    "unknown_event_type",
    "missing_id",
    "unparsable_id",
    "unparsable_price",
    "price_out_of_bounds",
)
Reason = pl.Enum(REASONS)

UTC_TIME = Annotated[pl.Datetime, "us", "UTC"]
EVENT_TYPE = Annotated[pl.Enum, EVENT_TYPES]
CLEAN_EVENT_TYPE = Annotated[pl.Enum, CLEAN_EVENT_TYPES]


class RawEvents(Table):
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
    price_cents: int = pa.Field(
        nullable=True,
        description="The price shown, cents; may be zero or below, up to 10 million of the shop's "
        "currency either way; null: the file gives none.",
    )
    user_id: int = pa.Field(ge=0, description="The customer's pseudonym, never the shop's id.")
    user_session: str = pa.Field(nullable=True, description="The visit's id; null: not recorded.")


class RejectedEvents(Table):
    """One row per row of the files that could not be read or does not belong to the month."""

    file: str = pa.Field(description="Name of the landed file.")
    line_number: int = pa.Field(ge=2, description="Line in the file; the header is line 1.")
    reason: Annotated[pl.Enum, REASONS] = pa.Field(description="Why it was not kept.")
    line: str = pa.Field(
        description="The line verbatim, the ids of customer and visit masked by ***."
    )


class CleanEvents(Table):
    """One row per thing that a customer did, by customer and then by time."""

    user_id: int = pa.Field(ge=0, description="The customer's pseudonym.")
    event_time: UTC_TIME = pa.Field(description="When it happened, UTC, to the second.")
    event_type: CLEAN_EVENT_TYPE = pa.Field(
        description="What the customer did. A purchase delivered with a negative price is a "
        "return, and no purchase. A purchase without a price is one of unknown value."
    )
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
        gt=0,
        nullable=True,
        description="The price shown, cents; null: none, zero or below. A return has none.",
    )
    returned_cents: int = pa.Field(
        gt=0,
        nullable=True,
        description="What was paid back, cents, without sign: of a return, and of nothing else.",
    )
    user_session: str = pa.Field(nullable=True, description="The visit's id; null: not recorded.")
    is_bot_suspect: bool = pa.Field(
        description="The customer made more than 500 events on one day of the month, 500 in one "
        "session, or 300 sessions in the month, or had a part in a crowded session."
    )
    is_crowded_session: bool = pa.Field(
        description="More than 20 customers used the session's id in the month: a visitor without "
        "cookies, or a program, under many names."
    )


# In the order in which the analysis is read; what each holds stands at the column.
TOPICS = (
    "quality",
    "warning",
    "day",
    "hour",
    "outage",
    "missing_day",
    "spike",
    "funnel",
    "sale",
    "price",
    "category",
    "brand",
    "session",
    "crowded_session",
    "customer",
    "null",
    "duplicate",
    "rejected",
    "change",
)


class EventStatistics(Table):
    """One row per figure of a month's descriptive analysis. Times are UTC."""

    month: pl.Date = pa.Field(description="First day of the month.")
    topic: str = pa.Field(
        isin=TOPICS,
        description="What the figure is about. quality: rows in and out. warning: what may mislead "
        "a model. day, hour: volumes. outage: stretches with almost no events. missing_day: days "
        "without any. spike: days with over three times the usual purchases. funnel: by event "
        "type. sale: purchases of known and of unknown value, and returns. price: by event type. "
        "category, brand: the 20 largest. session, customer: their number, size and spread. "
        "crowded_session: ids used by more than 20 customers. null, duplicate, rejected: dirt. "
        "change: against the month before.",
    )
    item: str = pa.Field(
        description="What the figure describes within the topic: a day, an hour (00 to 23), the "
        "start of an outage, an event type, a brand, a sentence (warning), or "
        "topic/item/measure (change). (none): unknown; (other): all that are not listed."
    )
    measure: str = pa.Field(
        description="What was measured. Shares and ratios are fractions of 1; money (price, "
        "revenue) is in the shop's currency; p50 is the smallest value that at least half of the "
        "cases do not exceed, the other quantiles likewise."
    )
    value: float = pa.Field(
        nullable=True,
        description="The figure; null: there is none, as a share or a quantile of nothing.",
    )

    class Config:
        """A figure is there once."""

        unique = ["month", "topic", "item", "measure"]  # noqa: RUF012  read by pandera
