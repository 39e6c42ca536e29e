"""Clean events as a training sees them: features, and the customers by their visits."""

import polars as pl

from amazing_assets.customers.columns import UTC
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.summaries import summarise_prices
from amazing_assets.dates import as_of
from amazing_assets.segments.behaviour.population import EVENT_THRESHOLD, eligible
from amazing_assets.segments.search.settings import FIT_COLUMNS
from amazing_assets.segments.visits.chance import CUSTOMERS, SHUFFLES, Chance
from amazing_assets.segments.visits.parts import Snapshot


def watching(clean_events, months, customers=CUSTOMERS, shuffles=SHUFFLES):
    """The features at the end of the last month, and a sample with which chance is measured."""
    end = as_of(months[-1])
    clean_events = clean_events.filter(pl.col("event_time").dt.date() < end)
    prices = price_reference(summarise_prices(clean_events.lazy()), end)
    snapshot = Snapshot(tuple(months), end, prices, UTC)
    features = snapshot.features(clean_events.lazy(), FIT_COLUMNS).select(FIT_COLUMNS)
    drawn = eligible(features, EVENT_THRESHOLD).head(customers)
    known = pl.col("user_id").is_in(drawn["user_id"].implode())
    return features, Chance(clean_events.filter(known), drawn, snapshot, shuffles)
