"""How far the other features can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.features.history import EVENTS, over_history
from amazing_assets.events.clean import BEYOND_SUSPICION, bot_suspects

if TYPE_CHECKING:
    from amazing_assets.customers.features.history import History


def quality(history: History) -> pl.LazyFrame:
    """Return whether the customer does more than people do, or is one of a crowded session."""
    moment = "quarter_hour"
    busy = history.customers.filter(over_history("events") > BEYOND_SUSPICION).select("user_id")
    activity = history.sessions.select("user_id", "user_session", moment, EVENTS.alias("events"))
    # Made once, for the rule reads it twice.
    of_the_busy = history.once(activity.join(busy, on="user_id", how="semi"))
    crowds = history.sessions.filter("is_crowded").select("user_id")
    found = pl.concat([bot_suspects(of_the_busy, moment), crowds]).unique()
    suspects = found.with_columns(is_bot_suspect=pl.lit(value=True))
    return (
        history.customers.select("user_id")
        .join(suspects, on="user_id", how="left")
        .with_columns(pl.col("is_bot_suspect").fill_null(value=False))
    )
