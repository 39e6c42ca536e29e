"""The null world: every visit keeps its customer, its day and its length, and gets another content.

What a visit holds (which products, what was done with them, at which hour) is dealt out anew among
all visits of the same month and the same number of events. What customers do on average, how often
they come and how long they stay remains; what one of them is like from visit to visit goes. Dealt
visit by visit and not event by event, because a visit has an inner order (one theme, a purchase
after a view) that is nobody's character.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.segments.visits.parts import with_visit

if TYPE_CHECKING:
    from amazing_assets.models.arrays import Labels

CONTENT = (
    "event_type",
    "product_id",
    "category_id",
    "category_code",
    "brand",
    "price_cents",
    "returned_cents",
)

# Of rarer lengths too few visits are there to change hands: their events are dealt one by one.
COMMON = 20


@dataclass(frozen=True)
class Skeleton:
    """What stays in every null world of some customers, worked out once for all of them.

    Attributes:
        clean_events: Their events in the order of customer, visit and time.
        day: On which each event's visit began.
        time: From then to the event.
        lots: Which visits may change hands.
    """

    clean_events: pl.DataFrame
    day: pl.Series
    time: pl.Series
    lots: Lots

    @classmethod
    def of(cls, clean_events: pl.DataFrame) -> Skeleton:
        """Return that of all events of some customers."""
        visits = with_visit(clean_events.lazy())
        ordered = visits.sort("user_id", "visit", "event_time", maintain_order=True).collect()
        visit = ordered.select(pl.struct("user_id", "visit").rle_id()).to_series().to_numpy()
        first = ordered["event_time"].gather(np.flatnonzero(np.diff(visit, prepend=-1)))
        day = first.dt.truncate("1d").gather(visit)
        lots = Lots.of(visit, first.dt.strftime("%Y-%m"))
        # Every world groups by sessions, and 36 letters are slow: a number in the same order.
        number = pl.col("user_session").rank("dense").cast(pl.String).str.zfill(10)
        events = ordered.select(clean_events.columns).with_columns(user_session=number)
        return cls(events, day, ordered["event_time"] - day, lots)

    def dealt(self, seed: int) -> pl.DataFrame:
        """Return the same visits with their contents dealt out anew; the same seed deals alike."""
        giver = self.lots.givers(np.random.default_rng(seed))
        content = self.clean_events.select(CONTENT)[giver]
        time = self.day + self.time.gather(giver)
        return self.clean_events.with_columns(*content.get_columns(), event_time=time)


@dataclass(frozen=True)
class Lots:
    """Visits of the same month and the same number of events form a lot.

    Attributes:
        visit: Number of each event's visit, from 0 and never falling.
        month: Number of each visit's month.
        start: Row of each visit's first event.
        lot: Number of each visit's lot.
        by_lot: The visits in the order of their lots.
        rare: Rows of the events of visits in lots too small to change hands within.
        by_month: The same in the order of their months.
    """

    visit: Labels
    month: Labels
    start: Labels
    lot: Labels
    by_lot: Labels
    rare: Labels
    by_month: Labels

    @classmethod
    def of(cls, visit: Labels, month: pl.Series) -> Lots:
        """Return the lots of visits, each with its month, of events, each with its visit."""
        lengths = np.bincount(visit)
        months = month.rank("dense").cast(pl.Int64).to_numpy()
        alike = np.stack([months, lengths], axis=1)
        _, lot, visits = np.unique(alike, axis=0, return_inverse=True, return_counts=True)
        rare = np.flatnonzero((visits[lot] < COMMON)[visit])
        by_month = rare[np.argsort(months[visit[rare]], kind="stable")]
        start = np.cumsum(lengths) - lengths
        by_lot = np.argsort(lot, kind="stable")
        return cls(visit, months, start, lot, by_lot, rare, by_month)

    def givers(self, rng: np.random.Generator) -> Labels:
        """Return, for each event, the row of the event whose content it gets."""
        source = np.empty_like(self.start)
        source[self.by_lot] = np.lexsort((rng.random(len(self.lot)), self.lot))
        place = np.arange(len(self.visit)) - self.start[self.visit]
        giver = self.start[source][self.visit] + place
        month = self.month[self.visit[self.rare]]
        giver[self.by_month] = self.rare[np.lexsort((rng.random(len(self.rare)), month))]
        return np.asarray(giver)
