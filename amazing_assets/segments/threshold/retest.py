"""What customers would look like had only some of their sessions been seen.

The question behind every least number of events: would the same customer, watched on other days,
have been described alike? Cutting a history at its first events would not tell: recency would be
measured from the wrong day (agreement .001). Every part here reaches from first day to last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.customers.features.families import build_features
from amazing_assets.customers.features.history import History
from amazing_assets.customers.features.visits import LEAST_TENURE_DAYS
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.snapshot import months_of_history, zone_of_features
from amazing_assets.customers.summaries import summarise_sessions, summarise_user_products
from amazing_assets.dates import WINDOWS, as_of
from amazing_assets.events.clean import hour_of_event, session_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amazing_assets.lake.table import Lake


class Part(NamedTuple):
    """Sessions that take turns: of every so many in the order of time, some are seen.

    Attributes:
        every: How many sessions make a round.
        seen: Which of a round are seen, from 0.
    """

    every: int
    seen: tuple[int, ...]

    @property
    def share(self) -> float:
        """The share of the sessions that is seen."""
        return len(self.seen) / self.every


PARTS: Mapping[str, Part] = {
    "even": Part(2, (0,)),
    "odd": Part(2, (1,)),
    "quarter": Part(4, (1,)),
    "three_quarters": Part(4, (0, 2, 3)),
}


class Watched(NamedTuple):
    """Customers as they are, and as they would look had only a part been seen.

    Attributes:
        whole: `UserFeatures` of the sample.
        parts: By part, the same columns of those customers of whom the part has a session.
    """

    whole: pl.DataFrame
    parts: dict[str, pl.DataFrame]


def watch(lake: Lake, month: str, customers: int, seed: int) -> Watched:
    """Return a sample of a month's customers, whole and in parts; bots are left out.

    Shards are lots, so whole ones are drawn: of 30 000 among four million one is read.

    Raises:
        LakeError: The lake lacks the month's features, or events of its history.
    """
    months = months_of_history(lake, month)
    prices = price_reference(lake.scan("price_book", *months), as_of(month))
    zone = zone_of_features(lake, month)
    watched = []
    for shard, whole in sampled(lake, month, customers, seed):
        events = lake.shard("clean_events", shard, *months)
        known = whole["user_id"].implode()
        numbered = in_turns(events.filter(pl.col("user_id").is_in(known))).collect().lazy()
        parts = {}
        for name, part in PARTS.items():
            seen = numbered.filter((pl.col("turn") % part.every).is_in(part.seen)).drop("turn")
            summaries = summarise_sessions(seen), summarise_user_products(seen)
            history = History(*summaries, prices, as_of(month), zone)
            parts[name] = as_if_whole(build_features(history, months).collect(), whole, part)
        watched.append(Watched(whole, parts))
    return Watched(
        pl.concat([each.whole for each in watched]),
        {name: pl.concat([each.parts[name] for each in watched]) for name in PARTS},
    )


def sampled(
    lake: Lake, month: str, customers: int, seed: int
) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield shards with the features of their customers, until there are enough customers."""
    wanted = customers
    for shard in range(lake.shards):
        if wanted <= 0:
            return
        people = lake.shard("user_features", shard, month).filter(~pl.col("is_bot_suspect"))
        whole = people.collect()
        wanted -= (drawn := whole.sample(min(wanted, whole.height), seed=seed)).height
        yield shard, drawn.sort("user_id")


def in_turns(clean_events: pl.LazyFrame) -> pl.LazyFrame:
    """Return the events with `turn`, the number of their session in its customer's order, from 0.

    The key is that of the session, so that events without one stay together.
    """
    events = clean_events.with_columns(hour_of_event()).with_columns(key=session_key())
    session = ("user_id", "key")
    turns = (
        events.group_by(session)
        .agg(pl.col("event_time").min())
        .sort("user_id", "event_time", "key")
        .select(*session, turn=pl.int_range(pl.len()).over("user_id"))
    )
    return events.join(turns, on=session, how="left").drop("key", "hour")


def as_if_whole(features: pl.DataFrame, whole: pl.DataFrame, part: Part) -> pl.DataFrame:
    """Return a part's features with what the part cannot know or sees too little of.

    Recency and tenure are the whole's; rates and sums over time are multiplied. Ratios and shares
    stay as seen: that they waver with few events is what is measured.
    """
    dates = whole.select("user_id", "recency_days", "tenure_days")
    sums = [f"monetary_{months}m" for months in WINDOWS]
    sessions = pl.col(f"number_of_sessions_{max(WINDOWS)}m") / part.share
    return (
        features.drop("recency_days", "tenure_days")
        .join(dates, on="user_id")
        .with_columns(
            (sessions / pl.col("tenure_days").clip(LEAST_TENURE_DAYS) * 30).alias("frequency"),
            pl.col(sums) / part.share,
        )
        .select(whole.columns)
    )
