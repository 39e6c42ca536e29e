"""Customers watched on some of their visits: would they have been described alike?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.segments.visits.parts import PARTS, Snapshot, in_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.lake.table import Lake


class Watched(NamedTuple):
    """Customers as they are, and as they would look had only a part been seen.

    Attributes:
        whole: `UserFeatures` of the sample.
        parts: By part, the same columns of those customers of whom the part has a visit.
    """

    whole: pl.DataFrame
    parts: dict[str, pl.DataFrame]


def watch(lake: Lake, month: str, customers: int, seed: int) -> Watched:
    """Return a sample of a month's customers, whole and in parts; bots are left out.

    Shards are lots, so whole ones are drawn: of 30 000 among four million one is read.

    Raises:
        LakeError: The lake lacks the month's features, or events of its history.
    """
    snapshot = Snapshot.of(lake, month)
    watched = []
    for shard, whole in sampled(lake, month, customers, seed):
        events = lake.shard("clean_events", shard, *snapshot.months)
        known = whole["user_id"].implode()
        numbered = in_turns(events.filter(pl.col("user_id").is_in(known))).collect()
        parts = snapshot.features_of_parts(numbered, whole, list(PARTS.values()))
        watched.append(Watched(whole, dict(zip(PARTS, parts, strict=True))))
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
