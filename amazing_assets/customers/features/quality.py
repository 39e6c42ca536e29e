"""How far the other features can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.features.history import EVENTS, over_history
from amazing_assets.events.clean import (
    BOT_EVENTS_A_DAY,
    BOT_EVENTS_A_SESSION,
    BOT_SESSIONS_A_MONTH,
    bot_suspects,
)

if TYPE_CHECKING:
    from amazing_assets.customers.features.history import History

# Who did no more than this in the history broke no limit of a day, a session or a month: every
# session has an event. The rule is asked of the few others only.
_BEYOND_SUSPICION = min(BOT_EVENTS_A_DAY, BOT_EVENTS_A_SESSION, BOT_SESSIONS_A_MONTH)


def quality(history: History) -> pl.LazyFrame:
    """Return whether the customer does more than people do, or is one of a crowded session."""
    moment = "quarter_hour"
    busy = history.customers.filter(over_history("events") > _BEYOND_SUSPICION).select("user_id")
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
