"""The columns of `user_features`: definition, unit, and what null means, in one place.

"The window" is the 2, 5 or 7 calendar months that end at `as_of` (column suffix `_2m`, `_5m`,
`_7m`); "the history" is the longest of them. Only events before `as_of` 00:00 UTC count. A session
lies in the window in which its first event of the history lies.

Hours of the day, weekdays and days of activity are those of the time zone that the version names;
windows, recency and tenure are counted in days of UTC, as the reference date is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import polars as pl

# Changes with any definition below, so that a model never scores features it was not trained on.
# 2: returns are no purchases and are counted apart; avg_order_value leaves out orders of unknown
# value; words for nothing are null; customers of crowded sessions are suspects; log_price_sd has
# four decimals.
FEATURE_VERSION = "2"

UTC = "UTC"

# The shop's top-level categories after the remap of December 2019.
TOP_CATEGORIES = (
    "accessories",
    "apparel",
    "appliances",
    "auto",
    "computers",
    "construction",
    "country_yard",
    "electronics",
    "furniture",
    "kids",
    "medicine",
    "sport",
    "stationery",
)

TIMES_OF_DAY = ("night", "morning", "afternoon", "evening")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TIME = Annotated[pl.Datetime, "us", "UTC"]


def feature_version(zone: str) -> str:
    """Return the version of the definitions with the hours and days of a time zone."""
    return FEATURE_VERSION if zone == UTC else f"{FEATURE_VERSION}+{zone}"


def zone_of(version: str) -> str:
    """Return the time zone that a version of the features names."""
    return version.partition("+")[2] or UTC


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes:
        dtype: Its type, as Pandera takes it.
        description: Definition, unit and the meaning of null.
        nullable: Whether null is allowed.
        at_least: The least value allowed; None: any.
    """

    dtype: object
    description: str
    nullable: bool = False
    at_least: float | None = None

    def over(self, months: int) -> Column:
        """Return the column for one window."""
        return replace(self, description=f"{self.description} Window: {months} months.")


def _count(description: str) -> Column:
    return Column(pl.Int64, description, at_least=0)


def _days(description: str) -> Column:
    return Column(pl.Int32, description, at_least=0)


def _number(description: str, at_least: float | None = 0) -> Column:
    return Column(pl.Float64, description, nullable=True, at_least=at_least)


SNAPSHOT_COLUMNS = {
    "user_id": _count("The customer's pseudonym."),
    "as_of": Column(pl.Date, "Reference date: only events before its 00:00 UTC count."),
    "feature_version": Column(
        pl.String, "Version of these definitions, as 2; with the time zone, as 2+Europe/Paris."
    ),
    "n_events_history": _count("Events in the history."),
    "is_bot_suspect": Column(
        pl.Boolean,
        "In some month of the history more than 500 events on one day, 500 in one session, or 300 "
        "sessions, or had a part in a session of more than 20 customers.",
    ),
    "last_event_at": Column(_TIME, "Last event, UTC."),
    "recency_days": _days("Days from the day of the last event to as_of."),
    "tenure_days": _days("Days from the day of the first event of the history to as_of."),
    "has_purchased": Column(
        pl.Boolean, "Bought something in the history, of known value or not; a return is none."
    ),
    "last_purchase": Column(_TIME, "Last purchase of the history, UTC; null: none.", nullable=True),
    "days_since_last_purchase": Column(
        pl.Int32, "Days from the day of the last purchase to as_of; null: none.", True, 0
    ),
    "total_purchase_value": Column(
        pl.Float64, "Value bought in the history, currency; returns are not taken off.", False, 0
    ),
    "cart_abandonments": _count("Sessions of the history with a cart event and no purchase."),
    "frequency": Column(
        pl.Float64, "Sessions of the history per 30 days of max(tenure_days, 14).", False, 0
    ),
    "overdue_ratio": _number(
        "recency_days / gap_days_mean over the history; null: fewer than 2 sessions, or no gap."
    ),
    "preferred_brand": Column(
        pl.String,
        "Brand with most events in the history; ties: purchases, last event, name; null: none.",
        nullable=True,
    ),
    "preferred_category": Column(
        pl.String,
        "Top-level category with most events in the history; ties as for the brand; null: none.",
        nullable=True,
    ),
    "most_active_time": Column(
        pl.String,
        "Part of the local day with most events in the history: night 0-5, morning 6-11, afternoon "
        "12-17, evening 18-23; ties: purchases, last event, the earlier part.",
    ),
    "most_active_day": Column(
        pl.String,
        "Weekday with most events in the history, local; ties: purchases, last event, the earlier "
        "weekday from Monday.",
    ),
    "trend_2m_5m": Column(
        pl.Float64, "ln((number_of_events_2m / 2 + 1) / (number_of_events_5m / 5 + 1))."
    ),
    "event_trend_28d": Column(
        pl.Float64, "ln((events of the last 28 days + 1) / (events of the 28 days before + 1))."
    ),
}

WINDOW_COLUMNS = {
    "window_months_available": Column(pl.UInt8, "Months of the window that the lake has."),
    "number_of_events": _count("Events."),
    "number_of_views": _count("Views, events."),
    "number_of_carts": _count("Products put into the cart, events."),
    "number_of_removes": _count("Products taken out of the cart, events."),
    "number_of_purchases": _count("Products bought, events, of known value or not."),
    "number_of_returns": _count("Products given back, events; they are no purchases."),
    "number_of_sessions": _count("Distinct sessions with an event in the window."),
    "count_products": _count("Distinct products with an event in the window."),
    "days_active": _days("Local days with an event."),
    "purchase_days": _days("Local days with a purchase."),
    "avg_price": _number("Mean price over all priced events, currency; null: none."),
    "monetary": Column(pl.Float64, "Value bought, currency; returns are not taken off.", False, 0),
    "returned_value": Column(pl.Float64, "Value given back, currency.", False, 0),
    "net_value": Column(pl.Float64, "monetary - returned_value, currency; may be negative."),
    "avg_order_value": _number(
        "Value bought per session with a purchase of known value, currency; null: none."
    ),
    "log_price_sd": _number(
        "Standard deviation (n - 1) of ln(price), to four decimals, over the priced events; null: "
        "fewer than 2."
    ),
    "view_to_cart": _number("Carts / views; null: no view. Unsmoothed: models smooth by counts."),
    "cart_to_purchase": _number("Purchases / carts; null: no cart."),
    "view_to_purchase": _number("Purchases / views; null: no view."),
    "remove_per_cart": _number("Removes / carts; null: no cart."),
    "events_per_session": _number("Events of the window's sessions / sessions; null: none."),
    "products_per_session": _number(
        "Mean distinct products of the window's sessions; null: no session."
    ),
    "session_minutes_mean": _number(
        "Mean length of the window's sessions, minutes, each capped at a day; null: none."
    ),
    "bounce_share": _number("Share of the window's sessions with one event; null: no session."),
    "gap_days_mean": _number(
        "Mean days between the starts of the window's sessions; null: fewer than 2."
    ),
    "gap_log_cv": _number(
        "Standard deviation (n - 1) / mean of ln(1 + days) over the gaps between the window's "
        "sessions; null: fewer than 3 sessions, or no gap."
    ),
    "price_position": _number(
        "Mean percentile (0-1) of the prices seen within their category, weighted by priced "
        "events; null: no price the price book knows 3 of."
    ),
    "purchase_price_position": _number(
        "The same of the prices paid, weighted by priced purchases; null: none."
    ),
    "discount_share": _number(
        "Share of priced events on products seen at 95 % of their median price or less; null: no "
        "product the price book knows 3 prices of."
    ),
    "brand_entropy": _number(
        "Entropy of the brands' events, nats, Miller-Madow corrected; null: no brand."
    ),
    "category_entropy": _number(
        "Entropy of the top-level categories' events, nats, Miller-Madow corrected; null: none."
    ),
    "top_brand_share": _number("Share of the top brand in the events with a brand; null: none."),
    "top_category_share": _number(
        "Share of the top category in the events with a category; null: none."
    ),
    "n_brands": _days("Distinct brands."),
    "n_categories": _days("Distinct top-level categories."),
    "repeat_product_share": Column(
        pl.Float64,
        "Share of events on products seen on 2 days (UTC) or more; 0: no event.",
        False,
        0,
    ),
    "repurchase_share": _number(
        "Share of purchases that are not the first of their product in the history; null: none."
    ),
    "holiday_share": _number("Share of events on local days of the calendar; null: no event."),
    "holiday_lift": _number(
        "holiday_share / share of calendar days among the days since the later of the window's "
        "start and the customer's first event; null: no event, or no such day."
    ),
    "hour_sin": _number("Mean of sin(2 pi local hour / 24) over the events; null: none.", -1),
    "hour_cos": _number("Mean of cos(2 pi local hour / 24) over the events; null: none.", -1),
    "weekend_share": _number("Share of events on Saturday or Sunday, local; null: no event."),
    "night_share": _number("Share of events from 0 to 5 o'clock, local; null: no event."),
} | {
    f"share_top_{category}": Column(
        pl.Float64, f"Share of events in {category}; 0: no event.", False, 0
    )
    for category in (*TOP_CATEGORIES, "unknown")
}
