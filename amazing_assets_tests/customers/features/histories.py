"""Histories of hand-made events: what tests of families are given."""

from datetime import date

import polars as pl

from amazing_assets.customers.features.history import History
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.summaries import (
    summarise_prices,
    summarise_sessions,
    summarise_user_products,
)
from amazing_assets.events.clean import clean_shard
from amazing_assets_tests.builders import raw

AS_OF = date(2019, 11, 1)


def summaries(*events):
    """Sessions, user products and the price book of events."""
    clean = clean_shard(raw(*events).lazy()).collect().lazy()
    made = (summarise_sessions(clean), summarise_user_products(clean), summarise_prices(clean))
    return tuple(table.collect() for table in made)


def history(sessions, user_products, price_book, as_of=AS_OF, zone="UTC"):
    """The history that summaries are."""
    prices = price_reference(price_book.lazy(), as_of)
    return History(sessions.lazy(), user_products.lazy(), prices, as_of, zone)


def shuffled(frame, seed):
    """The same rows in another order."""
    return frame.sample(fraction=1, shuffle=True, seed=seed)


def without(frame, *users):
    """The rows of the other customers."""
    return frame.filter(~pl.col("user_id").is_in(users))
