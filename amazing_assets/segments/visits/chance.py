"""Some customers on their odd and their even visits: as they are, and as chance would have it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.models.spread import spread
from amazing_assets.segments.visits.dealing import Skeleton
from amazing_assets.segments.visits.parts import PARTS, Snapshot, in_turns

if TYPE_CHECKING:
    from amazing_assets.lake.table import Lake

# Enough for groups of a hundred; their twenty null worlds take as long as a few finalists.
CUSTOMERS = 2_500
SHUFFLES = 20

# Of fewer customers processes take longer to begin than worlds to make.
SPREAD_FROM = 1_500


class Halves(NamedTuple):
    """The same customers in the same order on disjoint visits.

    Attributes:
        odd: Features of every second visit.
        even: Features of the visits between.
    """

    odd: pl.DataFrame
    even: pl.DataFrame


@dataclass(frozen=True)
class Chance:
    """A sample of the customers, and the null worlds made of it.

    Attributes:
        clean_events: All events of the sample.
        whole: Features of the sample; the halves have the same columns.
        snapshot: Of what the features are made besides.
        shuffles: How many null worlds are made.
        seed: Of the first of them.
    """

    clean_events: pl.DataFrame
    whole: pl.DataFrame
    snapshot: Snapshot
    shuffles: int = SHUFFLES
    seed: int = 0

    @cached_property
    def real(self) -> Halves:
        """The customers as they are."""
        return self.halves(self.clean_events)

    @cached_property
    def worlds(self) -> tuple[Halves, ...]:
        """The same customers in each null world; made once for all candidates."""
        ground, seeds = (self, Skeleton.of(self.clean_events)), range(self.shuffles)
        is_worth_it = self.whole.height >= SPREAD_FROM
        return tuple(spread(_dealt, ground, seeds, is_worth_it=is_worth_it))

    def halves(self, clean_events: pl.DataFrame) -> Halves:
        """Return the customers by the visits of some events of theirs."""
        numbered = in_turns(clean_events.lazy()).collect()
        parts = [PARTS[name] for name in ("odd", "even")]
        odd, even = self.snapshot.features_of_parts(numbered, self.whole, parts)
        both = odd["user_id"].filter(odd["user_id"].is_in(even["user_id"].implode())).implode()
        return Halves(*(half.filter(pl.col("user_id").is_in(both)) for half in (odd, even)))


def _dealt(ground: tuple[Chance, Skeleton], number: int) -> Halves:
    sample, skeleton = ground
    return sample.halves(skeleton.dealt(sample.seed + number))


def chance(lake: Lake, month: str, customers: pl.DataFrame, seed: int) -> Chance:
    """Return a sample of a month's customers with which chance can be measured.

    Shards are lots, so whole ones are drawn until there are enough customers.

    Args:
        lake: Holds the month's events and those of its history.
        month: Of which the features are, as `2019-10`.
        customers: Features of the customers who may be drawn.
        seed: Of the draw and of the null worlds.

    Raises:
        LakeError: The lake lacks events of the history.
    """
    shard = (pl.col("user_id") % lake.shards).alias("shard")
    drawn = customers.sort(shard, "user_id").head(CUSTOMERS)
    snapshot, known = Snapshot.of(lake, month), drawn["user_id"].implode()
    events = [
        lake.shard("clean_events", number, *snapshot.months)
        .filter(pl.col("user_id").is_in(known))
        .collect()
        for number in drawn.select(shard.unique().sort()).to_series()
    ]
    return Chance(pl.concat(events), drawn.sort("user_id"), snapshot, seed=seed)
