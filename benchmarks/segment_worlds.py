"""Generated worlds as the segments are evaluated on: snapshots, what came after, and the truth."""

import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import polars as pl
from sklearn.metrics import adjusted_rand_score

from amazing_assets.dates import as_of, months_between
from amazing_assets.demo.calendar import month_range
from amazing_assets.demo.personas import Difficulty
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.models.arrays import Labels
from amazing_assets.pseudonym import pseudonyms
from amazing_assets.segments.behaviour.population import EVENT_THRESHOLD, eligible
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.past import Before
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets.segments.visits.chance import Chance
from amazing_assets_tests.builders import KEY
from amazing_assets_tests.customers.snapshots import clean_events, features
from amazing_assets_tests.segments.watching import watching

CUSTOMERS = 12_000
FIRST, LAST = date(2019, 10, 1), date(2020, 5, 1)
HORIZON = timedelta(days=28)

# Snapshots a month apart; May is the future of the last one.
EARLIEST, EARLIER, LATER = "2020-02", "2020-03", "2020-04"


@dataclass(frozen=True)
class World:
    """A world of twelve thousand customers and eight months.

    Attributes:
        earliest: `user_features` of two months before the later snapshot.
        earlier: `user_features` of a month before it.
        later: `user_features` on which models are fitted.
        between: `user_id` and `revenue` of the 28 days after the earlier snapshot.
        after: The same after the later one: nothing that is fitted sees it.
        truth: `user_id` and `persona` of the customers who are no bots.
        chance: Some of them by their visits, as a training watches them.
    """

    difficulty: Difficulty
    seed: int
    earliest: pl.DataFrame
    earlier: pl.DataFrame
    later: pl.DataFrame
    between: pl.DataFrame
    after: pl.DataFrame
    truth: pl.DataFrame
    chance: Chance

    @cached_property
    def model(self) -> SegmentModel:
        """The model that production would fit."""
        return self.fit(SegmentSettings())

    def fit(self, settings: SegmentSettings) -> SegmentModel:
        """Return the model fitted on the later snapshot."""
        before = Before(self.earlier, self.between)
        return SegmentModel.fit(self.later, settings, seed=0, before=before, chance=self.chance)

    @cached_property
    def customers(self) -> pl.DataFrame:
        """The customers who get a segment and have a persona, with it."""
        known = eligible(self.later, EVENT_THRESHOLD)
        return known.join(self.truth, on="user_id", maintain_order="left")

    @cached_property
    def spent(self) -> pl.Series:
        """What each of these customers spent in the 28 days after the later snapshot."""
        joined = self.customers.select("user_id").join(
            self.after, on="user_id", how="left", maintain_order="left"
        )
        return joined["revenue"].fill_null(0)


@cache
def easy(seed: int) -> World:
    """Return the world of well separated personas."""
    return world("easy", seed)


@cache
def real(seed: int) -> World:
    """Return the world of overlapping personas."""
    return world("real", seed)


def world(difficulty: Difficulty, seed: int) -> World:
    """Return the world of a seed, made anew."""
    with tempfile.TemporaryDirectory() as folder:
        settings = WorldSettings(
            CUSTOMERS, month_range(FIRST, LAST), seed=seed, difficulty=difficulty
        )
        made = generate(Path(folder), settings)
        events = clean_events(*sorted(made.files, key=lambda file: file.name))
        customers = pl.read_parquet(made.customers).filter(~pl.col("is_bot"))
    keys = pseudonyms(customers["user_id"], KEY)
    truth = customers.join(keys, on="user_id").select("persona", user_id="pseudonym")
    snapshots = [snapshot(events, month) for month in (EARLIEST, EARLIER, LATER)]
    revenues = [revenue(events, as_of(month)) for month in (EARLIER, LATER)]
    _, chance = watching(pl.concat(events), months_between(f"{FIRST:%Y-%m}", LATER))
    return World(difficulty, seed, *snapshots, *revenues, truth, chance)


def snapshot(events: list[pl.DataFrame], month: str) -> pl.DataFrame:
    """Return the features at a month's end, of the events of each month."""
    until = as_of(month)
    parts = [part.filter(pl.col("event_time").dt.date() < until) for part in events]
    return features(parts, until, months_between(f"{FIRST:%Y-%m}", month))


def revenue(events: list[pl.DataFrame], since: date) -> pl.DataFrame:
    """Return what each customer spent in the 28 days from a date on."""
    day = pl.col("event_time").dt.date()
    bought = pl.concat(events).filter(day >= since, day < since + HORIZON, event_type="purchase")
    return bought.group_by("user_id").agg(revenue=pl.col("price_cents").sum() / 100)


def agreement(customers: pl.DataFrame, labels: Labels) -> float:
    """Return the adjusted Rand index with the planted personas."""
    return float(adjusted_rand_score(customers["persona"], labels))
