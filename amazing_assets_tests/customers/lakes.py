"""Lakes with clean events and their summaries, as the monthly assets make them."""

import polars as pl

from amazing_assets.customers.contract import PriceBook, Sessions, UserFeatures, UserProducts
from amazing_assets.customers.snapshot import fill_features, fill_price_book
from amazing_assets.customers.summaries import summarise_sessions, summarise_user_products
from amazing_assets.events.contract import CleanEvents
from amazing_assets.lake.shard import Query


def put_events(lake, months):
    """Publish clean events, a frame a month, and their summaries."""
    for month, events in months.items():
        with lake.draft("clean_events", month, CleanEvents) as draft:
            draft.add(events, "events")
            draft.complete()
            draft.publish()
        summarise(lake, month)


def summarise(lake, month):
    made = (
        ("sessions", Sessions, summarise_sessions),
        ("user_products", UserProducts, summarise_user_products),
    )
    for table, contract, function in made:
        with lake.draft(table, month, contract) as draft:
            draft.fill(Query(function, ("clean_events",), (month,)))
            draft.publish()
    with lake.draft("price_book", month, PriceBook) as draft:
        fill_price_book(draft, lake, month)
        draft.complete()
        draft.publish()


def features_of(lake, month, zone="UTC"):
    with lake.draft("user_features", month, UserFeatures) as draft:
        fill_features(draft, lake, month, zone)
        draft.publish()
    return lake.scan("user_features", month).sort("user_id").collect()


def before(events, day):
    """The events before a day."""
    return events.filter(pl.col("event_time").dt.date() < day)
