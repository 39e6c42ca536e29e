"""Assets of the customers: summaries of a month, features of seven, the view of a week."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
import polars as pl

from amazing_assets.cadence import WEEKLY
from amazing_assets.customers.charts import customers_by_weeks_away, portrait, weeks_away
from amazing_assets.customers.contacts.contract import Contacts
from amazing_assets.customers.contacts.reading import (
    ERASED,
    customers_of_history,
    of_known,
    read_contacts,
)
from amazing_assets.customers.contract import PriceBook, Sessions, UserFeatures, UserProducts
from amazing_assets.customers.lineage import feature_lineage
from amazing_assets.customers.snapshot import fill_features, fill_price_book
from amazing_assets.customers.summaries import summarise_sessions, summarise_user_products
from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.customers.view.history import history_task, past_of
from amazing_assets.customers.view.view import fill_view, month_before, segments_for
from amazing_assets.dates import first_day
from amazing_assets.defs.environment import SETTINGS, calendar_of
from amazing_assets.defs.partitions import (
    MONTH_BEFORE_A_WEEK,
    MONTHS_OF_HISTORY,
    WEEKS_OF_HISTORY,
)
from amazing_assets.defs.resources.stores import LakeResource, LandingResource, WarehouseResource
from amazing_assets.defs.tables.checks import warning_check, warning_result
from amazing_assets.defs.tables.declare import ENGINEERS, MARKETING, SCIENTISTS, lake_table
from amazing_assets.defs.tables.metadata import Metadata, made_of, picture, table
from amazing_assets.defs.tables.publish import has_landed, nothing_landed, plain_failures, publish
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets.defs.triggers.provenance import FILES_SIGNATURE, INPUTS, inputs_of
from amazing_assets.lake.left_out import erased
from amazing_assets.lake.shard import Query
from amazing_assets.lake.table import Draft
from amazing_assets.landing.arrivals import signature_of
from amazing_assets.warehouse.warehouse import read_month

# Of the contacts: a file made for other customers would else go unnoticed.
ALL_KNOWN = "every_contact_is_of_a_known_customer"


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
        months = fill_features(
            draft, tables, month, SETTINGS.time_zone, calendar_of(SETTINGS.market)
        )
        yield from publish(draft, lambda: {**_portrait(draft, months), INPUTS: inputs})


def _portrait(draft: Draft, months: Sequence[str]) -> Metadata:
    features = draft.scan()
    plot = customers_by_weeks_away(weeks_away(features), f"end of {draft.key}")
    return {
        "last visits": picture(plot),
        "customers in figures": table(portrait(features)),
        "months": list(months),
        **made_of(feature_lineage()),
    }


@lake_table(
    "contacts",
    Contacts,
    "customers",
    MARKETING,
    warning_check("contacts", ALL_KNOWN, "Every row is a contact of a customer whom we know."),
    deps=["landing_zone", "clean_events"],
)
def contacts(
    context: dg.AssetExecutionContext, lake: LakeResource, landing: LandingResource
) -> Iterator[Any]:
    """Who was contacted when by which campaign: one row per contact, customers by pseudonym.

    Of files such as 2019-Oct.contacts.csv that lie beside the events and that nobody has to
    deliver; what is no contact of a customer of the last seven months is counted and left out.
    """
    tables, month = lake.open(), context.partition_key
    files = landing.open().contacts_of(month) if has_landed(tables, month) else []
    if not files:
        yield from nothing_landed("contacts", ALL_KNOWN)
        return
    with plain_failures(), tables.draft("contacts", month, Contacts) as draft:
        key = landing.admit(tables.root)
        found = read_contacts(files, month, key, erased(tables.root, key))
        found = of_known(found, customers_of_history(tables, month))
        draft.add(found.rows, "contacts")
        draft.complete()
        signature = signature_of({file.name: file.version for file in files})
        told = {FILES_SIGNATURE: signature, "rejected rows": dict(found.rejected)}
        yield from publish(draft, lambda: told)
    rejected = pl.DataFrame(
        [
            {"what": f"{rows:,} rows: {reason}"}
            for reason, rows in found.rejected.items()
            if reason != ERASED
        ],
        {"what": pl.String},
    )
    yield warning_result("contacts", ALL_KNOWN, rejected)


@lake_table(
    "customer_view",
    CustomerView,
    "customers",
    MARKETING,
    cadence=WEEKLY,
    deps=[
        "clean_events",
        *(dg.AssetDep(summary, partition_mapping=WEEKS_OF_HISTORY) for summary in SUMMARIES),
        dg.AssetDep("segment_assignments", partition_mapping=MONTH_BEFORE_A_WEEK),
        dg.AssetDep("contacts", partition_mapping=WEEKS_OF_HISTORY),
    ],
    # As the features; who has no segment yet is known all the same, and so is who was contacted
    # by campaigns that nobody told of.
    automation_condition=follow(
        trigger_ignore=["clean_events"],
        missing_ignore=[*SUMMARIES, "segment_assignments", "contacts"],
    ),
)
def customer_view(
    context: dg.AssetExecutionContext, lake: LakeResource, warehouse_file: WarehouseResource
) -> Iterator[Any]:
    """What is known of each customer on a Tuesday: one row per customer of the last seven months.

    All features as of that day, the events of the six weeks before it, and the segment at the end
    of the month before. What happens from that day on changes nothing in it.
    """
    tables, week = lake.open(), context.partition_key
    if not has_landed(tables, week):
        yield from nothing_landed("customer_view")
        return
    inputs = inputs_of(context.instance, week, SUMMARIES)
    with plain_failures(), tables.draft("customer_view", week, CustomerView) as draft:
        past = past_of(tables, WEEKLY.as_of(week))
        month = first_day(month_before(past.as_of))
        segments = segments_for(read_month(warehouse_file.open(), "segment_assignments", month))
        zone, calendar = SETTINGS.time_zone, calendar_of(SETTINGS.market)
        fill_view(draft, tables, history_task(tables, past, zone, calendar), segments)
        yield from publish(draft, lambda: {**_view(draft, past.all_months), INPUTS: inputs})


def _view(draft: Draft, months: Sequence[str]) -> Metadata:
    view = draft.scan()
    plot = customers_by_weeks_away(weeks_away(view), f"as of {WEEKLY.as_of(draft.key)}")
    return {
        "months": list(months),
        "customers in figures": table(portrait(view)),
        "last visits": picture(plot),
    }
