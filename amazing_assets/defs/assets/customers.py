"""Assets of the customers: summaries of a month, features of seven."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from amazing_assets.customers.charts import customers_by_weeks_away, portrait, weeks_away
from amazing_assets.customers.contract import PriceBook, Sessions, UserFeatures, UserProducts
from amazing_assets.customers.lineage import feature_lineage
from amazing_assets.customers.snapshot import fill_features, fill_price_book
from amazing_assets.customers.summaries import summarise_sessions, summarise_user_products
from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.partitions import MONTHS_OF_HISTORY
from amazing_assets.defs.resources.stores import LakeResource
from amazing_assets.defs.tables.declare import ENGINEERS, SCIENTISTS, lake_table
from amazing_assets.defs.tables.metadata import Metadata, made_of, picture, table
from amazing_assets.defs.tables.publish import has_landed, nothing_landed, plain_failures, publish
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets.defs.triggers.provenance import INPUTS, inputs_of
from amazing_assets.lake.shard import Query
from amazing_assets.lake.table import Draft


@lake_table("sessions", Sessions, "customers", ENGINEERS, deps=["clean_events"])
def sessions(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[Any]:
    """The visits of each customer in a month: one row per customer, session and quarter hour."""
    tables, month = lake.open(), context.partition_key
    with plain_failures(), tables.draft("sessions", month, Sessions) as draft:
        draft.fill(Query(summarise_sessions, ("clean_events",), (month,)))
        yield from publish(draft)


@lake_table("user_products", UserProducts, "customers", ENGINEERS, deps=["clean_events"])
def user_products(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[Any]:
    """What each customer did with each product in a month: one row per customer and product."""
    tables, month = lake.open(), context.partition_key
    with plain_failures(), tables.draft("user_products", month, UserProducts) as draft:
        draft.fill(Query(summarise_user_products, ("clean_events",), (month,)))
        yield from publish(draft)


@lake_table("price_book", PriceBook, "customers", ENGINEERS, deps=["clean_events"])
def price_book(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[Any]:
    """At which prices each product was shown in a month: what is cheap or dear is read off it."""
    tables, month = lake.open(), context.partition_key
    with plain_failures(), tables.draft("price_book", month, PriceBook) as draft:
        fill_price_book(draft, tables, month)
        yield from publish(draft)


@lake_table(
    "user_features",
    UserFeatures,
    "customers",
    SCIENTISTS,
    deps=[
        "clean_events",
        *(dg.AssetDep(summary, partition_mapping=MONTHS_OF_HISTORY) for summary in SUMMARIES),
    ],
    # clean_events of the month itself is the gate, the summaries of its seven months the trigger.
    automation_condition=follow(trigger_ignore=["clean_events"], missing_ignore=SUMMARIES),
)
def user_features(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[Any]:
    """How each customer behaves: one row per customer of the last seven months.

    As of the month's end, with windows of two, five and seven months. Hours of the day and days of
    activity are those of the time zone that `feature_version` names; none: UTC.
    """
    tables, month = lake.open(), context.partition_key
    if not has_landed(tables, month):
        yield from nothing_landed("user_features")
        return
    # Before anything is read: what is made meanwhile then counts as news, never as read.
    inputs = inputs_of(context.instance, month, SUMMARIES)
    with plain_failures(), tables.draft("user_features", month, UserFeatures) as draft:
        months = fill_features(draft, tables, month, SETTINGS.time_zone)
        yield from publish(draft, lambda: {INPUTS: inputs, **_portrait(draft, months)})


def _portrait(draft: Draft, months: Sequence[str]) -> Metadata:
    features = draft.scan()
    plot = customers_by_weeks_away(weeks_away(features), draft.key)
    return {
        "months": list(months),
        "customers in figures": table(portrait(features)),
        "last visits": picture(plot),
        **made_of(feature_lineage()),
    }
