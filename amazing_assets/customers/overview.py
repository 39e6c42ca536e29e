"""What a month came to, in the few numbers that a person wants after a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from amazing_assets.lake.table import Lake


class MonthOverview(NamedTuple):
    """A month's rows and customers.

    Attributes:
        kept: Rows of the files that became raw events.
        rejected: Rows of the files that did not.
        duplicates: Raw events that were exact copies.
        events: Clean events.
        customers: Customers with an event in the month.
        sessions: Sessions with an event in the month, a session shared by two customers twice.
        bot_suspects: Customers of the month who do more than people do.
    """

    month: str
    kept: int
    rejected: int
    duplicates: int
    events: int
    customers: int
    sessions: int
    bot_suspects: int


def overview(lake: Lake, month: str) -> MonthOverview:
    """Return what a month of the lake came to."""
    kept, rejected, events = (
        lake.scan(table, month).select(pl.len()).collect().item()
        for table in ("raw_events", "rejected_events", "clean_events")
    )
    sessions = lake.scan("sessions", month).select("user_id", "user_session")
    counts = sessions.select(
        customers=pl.col("user_id").n_unique(), sessions=pl.struct(pl.all()).n_unique()
    )
    bots = lake.scan("clean_events", month).filter("is_bot_suspect").select("user_id")
    customers, visits = counts.collect().row(0)
    suspects = bots.select(pl.col("user_id").n_unique()).collect().item()
    duplicates = kept - events
    return MonthOverview(month, kept, rejected, duplicates, events, customers, visits, suspects)
