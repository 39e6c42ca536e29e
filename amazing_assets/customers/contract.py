"""The tables of customers, and what every column of them promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pandera.polars as pa
import polars as pl

from amazing_assets.customers.columns import SNAPSHOT_COLUMNS, WINDOW_COLUMNS, Column
from amazing_assets.dates import WINDOWS
from amazing_assets.events.contract import UTC_TIME
from amazing_assets.lake.contract import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

PRODUCTS = Annotated[pl.List, pl.Int64]


class Sessions(Table):
    """One row per customer, session and quarter of an hour: what was done in it.

    A session that lasts longer has several rows; all measures add up over them. Every time zone
    is whole quarters away from UTC, so that each finds its own hours and days in these rows.
    """

    user_id: int = pa.Field(ge=0, description="The customer's pseudonym.")
    user_session: str = pa.Field(
        description="The session's id; events without one form one session a customer and day, "
        "`no session 2019-10-31`."
    )
    quarter_hour: UTC_TIME = pa.Field(description="When the quarter of an hour began, UTC.")
    first_event_at: UTC_TIME = pa.Field(description="First event of it, UTC.")
    last_event_at: UTC_TIME = pa.Field(description="Last event of it, UTC.")
    first_purchase_at: UTC_TIME = pa.Field(
        nullable=True, description="First purchase of it, UTC; null: none."
    )
    last_purchase_at: UTC_TIME = pa.Field(
        nullable=True, description="Last purchase of it, UTC; null: none."
    )
    views: int = pa.Field(ge=0, description="Views, events.")
    carts: int = pa.Field(ge=0, description="Products put into the cart, events.")
    removes: int = pa.Field(ge=0, description="Products taken out of the cart, events.")
    purchases: int = pa.Field(ge=0, description="Products bought, events.")
    returns: int = pa.Field(ge=0, description="Products given back, events; no purchases.")
    view_cents: int = pa.Field(ge=0, description="Sum of the prices viewed, cents.")
    cart_cents: int = pa.Field(ge=0, description="Sum of the prices put into the cart, cents.")
    remove_cents: int = pa.Field(ge=0, description="Sum of the prices taken out, cents.")
    purchase_cents: int = pa.Field(ge=0, description="Sum of the prices paid, cents.")
    returned_cents: int = pa.Field(ge=0, description="Sum of what was paid back, cents.")
    priced_events: int = pa.Field(ge=0, description="Events with a price.")
    priced_purchases: int = pa.Field(ge=0, description="Purchases with a price.")
    log_price_sum: int = pa.Field(
        ge=0, description="Sum of round(10 000 x ln(price in cents)) over the priced events."
    )
    log_price_square_sum: int = pa.Field(
        ge=0, description="Sum of the squares of the same whole numbers."
    )
    is_crowded: bool = pa.Field(
        description="More than 20 customers used the session's id in the month."
    )
    products: PRODUCTS = pa.Field(description="Distinct products of any event, ascending.")
    bought_products: PRODUCTS = pa.Field(description="Distinct products bought, ascending.")


class UserProducts(Table):
    """One row per customer, product and month: what the customer did with the product.

    A product whose brand or category changes within the month has a row for each.
    """

    user_id: int = pa.Field(ge=0, description="The customer's pseudonym.")
    product_id: int = pa.Field(description="The product, as the shop numbers it.")
    category_id: int = pa.Field(nullable=True, description="Its category of the month; null: none.")
    category_code: str = pa.Field(
        nullable=True, description="The category's path of the month; null: none."
    )
    brand: str = pa.Field(nullable=True, description="Its brand of the month; null: unknown.")
    month: pl.Date = pa.Field(description="First day of the month.")
    views: int = pa.Field(ge=0, description="Views, events.")
    carts: int = pa.Field(ge=0, description="Times put into the cart, events.")
    removes: int = pa.Field(ge=0, description="Times taken out of the cart, events.")
    purchases: int = pa.Field(ge=0, description="Times bought, events.")
    returns: int = pa.Field(ge=0, description="Times given back, events; no purchases.")
    view_cents: int = pa.Field(ge=0, description="Sum of the prices viewed, cents.")
    cart_cents: int = pa.Field(ge=0, description="Sum of the prices put into the cart, cents.")
    remove_cents: int = pa.Field(ge=0, description="Sum of the prices taken out, cents.")
    purchase_cents: int = pa.Field(ge=0, description="Sum of the prices paid, cents.")
    priced_events: int = pa.Field(ge=0, description="Events with a price.")
    priced_purchases: int = pa.Field(ge=0, description="Purchases with a price.")
    days_seen: int = pa.Field(
        ge=1, description="Days of the month with an event: bit 0 is the first day."
    )
    days_bought: int = pa.Field(
        ge=0, description="Days of the month with a purchase: bit 0 is the first day."
    )
    first_event_at: UTC_TIME = pa.Field(description="First event of the month, UTC.")
    last_event_at: UTC_TIME = pa.Field(description="Last event of the month, UTC.")


class PriceBook(Table):
    """One row per product, category and price bin: how often the product was shown at a price.

    Kept in the first shard only: it is about products, not about customers.
    """

    product_id: int = pa.Field(description="The product, as the shop numbers it.")
    category_id: int = pa.Field(nullable=True, description="Its category of the month; null: none.")
    top_category: str = pa.Field(
        nullable=True, description="First part of the category's path; null: none."
    )
    month: pl.Date = pa.Field(description="First day of the month.")
    price_bin: int = pa.Field(ge=0, description="floor(100 x ln(price in cents)): 1 % wide.")
    events: int = pa.Field(ge=1, description="Events of any type with a price in the bin.")


def row_per_customer(
    name: str, says: str, columns: Mapping[str, Column]
) -> type[pa.DataFrameModel]:
    """Build a contract of a row per customer.

    Args:
        name: Of the contract.
        says: What a row is.
        columns: `Column`s by name.
    """
    members: dict[str, object] = {
        each: pa.Field(nullable=column.nullable, ge=column.at_least, description=column.description)
        for each, column in columns.items()
    }
    members["__annotations__"] = {each: column.dtype for each, column in columns.items()}
    members["__doc__"] = says
    members["__module__"] = __name__
    members["Config"] = type("Config", (), {"strict": True})
    return type(name, (pa.DataFrameModel,), members)


def feature_columns() -> dict[str, Column]:
    """Return the columns of `user_features`: every window column once per window."""
    windows = {
        f"{name}_{months}m": column.over(months)
        for name, column in WINDOW_COLUMNS.items()
        for months in WINDOWS
    }
    return SNAPSHOT_COLUMNS | windows


UserFeatures = row_per_customer(
    "UserFeatures",
    "One row per customer with an event in the seven months before `as_of`.",
    feature_columns(),
)
