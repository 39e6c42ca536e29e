"""How far the other features can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.features.history import EVENTS
from amazing_assets.events.clean import bot_suspects

if TYPE_CHECKING:
    from amazing_assets.customers.features.history import History


def quality(history: History) -> pl.LazyFrame:
    """Return whether the customer does more than people do."""
    activity = history.sessions.select("user_id", "user_session", "hour", EVENTS.alias("events"))
    suspects = bot_suspects(activity).with_columns(is_bot_suspect=pl.lit(value=True))
    return (
        history.sessions.select(pl.col("user_id").unique())
        .join(suspects, on="user_id", how="left")
        .with_columns(pl.col("is_bot_suspect").fill_null(value=False))
    )
