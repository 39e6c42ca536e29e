"""How far the other features can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.features.history import EVENTS
from amazing_assets.events.clean import bot_suspects

if TYPE_CHECKING:
    from amazing_assets.customers.features.history import History


def quality(history: History) -> pl.LazyFrame:
    """Return whether the customer does more than people do, or is one of a crowded session."""
    moment = "quarter_hour"
    activity = history.sessions.select("user_id", "user_session", moment, EVENTS.alias("events"))
    crowds = history.sessions.filter("is_crowded").select("user_id")
    found = pl.concat([bot_suspects(activity, moment), crowds]).unique()
    suspects = found.with_columns(is_bot_suspect=pl.lit(value=True))
    return (
        history.sessions.select(pl.col("user_id").unique())
        .join(suspects, on="user_id", how="left")
        .with_columns(pl.col("is_bot_suspect").fill_null(value=False))
    )
