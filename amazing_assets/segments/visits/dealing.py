"""The null world: every visit keeps its customer, its day and its length, and gets another content.

What a visit holds (which products, what was done with them, at which hour) is dealt out anew among
all visits of the same month and the same number of events. What customers do on average, how often
they come and how long they stay remains; what one of them is like from visit to visit goes. Dealt
visit by visit and not event by event, because a visit has an inner order (one theme, a purchase
after a view) that is nobody's character.
"""

import numpy as np
import polars as pl

from amazing_assets.models.arrays import Labels
from amazing_assets.segments.visits.parts import with_visit

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


def dealt(clean_events: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the same visits of the same customers with their contents dealt out anew.

    Args:
        clean_events: All events of some customers.
        seed: The same seed deals alike.
    """
    events = with_visit(clean_events.lazy()).sort("user_id", "visit", "event_time").collect()
    visit = events.select(pl.struct("user_id", "visit").rle_id()).to_series().to_numpy()
    first = events["event_time"].gather(np.flatnonzero(np.diff(visit, prepend=-1)))
    day = first.dt.truncate("1d").gather(visit)
    giver = givers(visit, first.dt.strftime("%Y-%m"), np.random.default_rng(seed))
    hours = (events["event_time"] - day).gather(giver)
    content = events.select(CONTENT)[giver]
    return (
        events.with_columns(content.get_columns())
        .with_columns(event_time=day + hours)
        .select(clean_events.columns)
        .sort("user_id", "event_time")
    )


def givers(visit: Labels, month: pl.Series, rng: np.random.Generator) -> Labels:
    """Return, for each event, the row of the event whose content it gets.

    Args:
        visit: Number of each event's visit, from 0 and never falling.
        month: Of each visit.
        rng: Deals.
    """
    lengths = np.bincount(visit)
    starts = np.cumsum(lengths) - lengths
    months = month.rank("dense").cast(pl.Int64).to_numpy()
    alike = np.stack([months, lengths], axis=1)
    _, lot, visits = np.unique(alike, axis=0, return_inverse=True, return_counts=True)
    source = np.empty(len(lengths), dtype=np.int64)
    source[np.lexsort((np.arange(len(lot)), lot))] = np.lexsort((rng.random(len(lot)), lot))
    giver = starts[source][visit] + np.arange(len(visit)) - starts[visit]
    rare = np.flatnonzero((visits[lot] < COMMON)[visit])
    month_of_event = months[visit][rare]
    by_month = rare[np.argsort(month_of_event, kind="stable")]
    giver[by_month] = rare[np.lexsort((rng.random(len(rare)), month_of_event))]
    return np.asarray(giver)
