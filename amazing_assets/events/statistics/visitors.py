"""The figures of customers and their sessions: how far they got, how much they did."""

from __future__ import annotations

import polars as pl

from amazing_assets.events.contract import CLEAN_EVENT_TYPES
from amazing_assets.events.statistics.figures import (
    by_type,
    figure,
    figures,
    money,
    ratio,
    share,
    spread,
    sums,
    whole,
)

# The smallest number of events of each group of customers.
_GROUPS = pl.DataFrame(
    {
        "at": [1, 2, 3, 5, 10, 20, 50, 100],
        "group": ["1", "2", "3-4", "5-9", "10-19", "20-49", "50-99", "100+"],
    }
)
CUSTOMER_GROUPS = tuple(_GROUPS["group"])


def funnel(totals: pl.DataFrame) -> pl.DataFrame:
    """Return events, sessions and customers of each event type."""
    reached = pl.DataFrame(
        {
            "item": CLEAN_EVENT_TYPES,
            "sessions": whole(totals, "sessions", *CLEAN_EVENT_TYPES).values(),
            "customers": whole(totals, "customers", *CLEAN_EVENT_TYPES).values(),
        }
    )
    frame = by_type(totals, "slot", "events").join(reached, on="item", maintain_order="left")
    all_sessions = whole(totals, "session_events", "sessions")["sessions"]
    all_customers = whole(totals, "customer_events", "customers")["customers"]
    events = pl.col("events")
    return figures(
        "funnel",
        frame,
        "item",
        events=events,
        share=share(events, events.sum()),
        sessions=pl.col("sessions"),
        session_share=share(pl.col("sessions"), pl.lit(all_sessions)),
        customers=pl.col("customers"),
        customer_share=share(pl.col("customers"), pl.lit(all_customers)),
    )


def sessions(totals: pl.DataFrame) -> pl.DataFrame:
    """Return how many sessions there were, how long, and how many of them bought."""
    sizes = sums(totals, "session_events", "at", "sessions")
    seconds = sums(totals, "session_seconds", "at", "sessions")
    number = int(sizes["sessions"].sum())
    one_event = int(sizes.filter(at=1)["sessions"].sum())
    bought = whole(totals, "sessions", "purchase", "buying_without_cart")
    buying, without_cart = bought["purchase"], bought["buying_without_cart"]
    counted = figure(
        "session",
        "all",
        sessions=number,
        one_event=one_event,
        one_event_share=ratio(one_event, number),
        buying=buying,
        buying_share=ratio(buying, number),
        buying_without_cart=without_cart,
        buying_without_cart_share=ratio(without_cart, buying),
    )
    events = _spread_of("session", "events_per_session", sizes, "sessions")
    duration = _spread_of("session", "seconds_per_session", seconds, "sessions")
    return pl.concat([counted, events, duration])


def crowded_sessions(totals: pl.DataFrame) -> pl.DataFrame:
    """Return how many sessions were used by too many customers, and by how many in all."""
    by_session = sums(totals, "crowd", "item", "events")
    return figure(
        "crowded_session",
        "all",
        sessions=by_session.height,
        events=int(by_session["events"].sum()),
        **whole(totals, "crowd_customers", "customers"),
    )


def customers(totals: pl.DataFrame) -> pl.DataFrame:
    """Return how many customers there were, by their number of events, and likely bots."""
    sizes = sums(totals, "customer_events", "at", "customers", "revenue_cents").with_columns(
        events=pl.col("at") * pl.col("customers")
    )
    added = pl.col("customers", "events", "revenue_cents").sum()
    counted = sizes.join_asof(_GROUPS.set_sorted("at"), on="at").group_by("group").agg(added)
    grouped = _GROUPS.join(counted, on="group", how="left", maintain_order="left").fill_null(0)
    bots = pl.DataFrame([whole(totals, "bots", "customers", "events", "revenue_cents")])
    rows = pl.concat(
        [
            sizes.select(added).with_columns(group=pl.lit("all")),
            grouped.drop("at"),
            bots.with_columns(group=pl.lit("bot_suspects")),
        ],
        how="diagonal",
    )
    counted = figures(
        "customer",
        rows,
        "group",
        customers=pl.col("customers"),
        events=pl.col("events"),
        revenue=money(pl.col("revenue_cents")),
    )
    return pl.concat([counted, _spread_of("customer", "events_per_customer", sizes, "customers")])


def _spread_of(topic: str, item: str, counted: pl.DataFrame, cases: str) -> pl.DataFrame:
    """The spread of the numbers `at`, in ascending order, each as often as `cases` says."""
    values = counted.select(**spread("at", cases)).row(0, named=True)
    return figure(topic, item, **values)
