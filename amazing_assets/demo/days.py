"""The life of the shop, day after day; what lasts past midnight waits for its day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from amazing_assets.demo.behaviour import act
from amazing_assets.demo.calendar import (
    DAY,
    MISSING_DAY,
    OUTAGE,
    OUTAGE_SURVIVAL,
    days_of,
    eagerness_on,
    ends_month,
)
from amazing_assets.demo.catalogue import Dialect
from amazing_assets.demo.chance import Purpose, generator
from amazing_assets.demo.choices import Shop
from amazing_assets.demo.dirt import soil
from amazing_assets.demo.faults import plant
from amazing_assets.demo.sessions import advance, draw_sessions, first_waits, pace_on
from amazing_assets.demo.shelf import arrange_shelf, is_rearranged


@dataclass(frozen=True)
class Day:
    """What is written on a day."""

    date: date
    number: int  # days since the world began
    events: pl.DataFrame  # rows of numbers in order of time, faults marked
    products: pl.Series  # each product's fields between event type and price
    shared: int  # session ids given to two customers

    @property
    def month_start(self) -> int:
        """The month's first second since the world began."""
        return (self.number - self.date.day + 1) * DAY


@dataclass(frozen=True)
class Moment:
    """A day of the calendar and its place in the world."""

    date: date
    number: int
    seed: int
    cuts_last_line: bool

    def generator(self, purpose: Purpose) -> np.random.Generator:
        """Return the day's generator for a purpose."""
        return generator(self.seed, purpose, self.date.toordinal())


def live(shop: Shop, days: list[date], seed: int, scale: float) -> Iterator[Day]:
    """Yield the days of a shop, in order."""
    waits = first_waits(generator(seed, Purpose.SESSIONS), shop.customers)
    waiting = pl.DataFrame()
    # One file has its last line cut off: the second, where there is one.
    cut = days[min(31, len(days) - 1)].replace(day=1)
    for number, day in enumerate(days):
        now = Moment(day, number, seed, ends_month(day) and day.replace(day=1) == cut)
        rng = now.generator(Purpose.SESSIONS)
        pace = pace_on(shop.customers, day, number, scale)
        visitors, waits = advance(rng, shop.customers, waits, pace)
        sessions = draw_sessions(rng, shop.customers, visitors, day, number)
        if number == 0 or is_rearranged(day):
            shelf = arrange_shelf(seed, shop.catalogue, shop.dialect, day)
        shelf = replace(shelf, eagerness=eagerness_on(day))
        begun = act(now.generator(Purpose.BEHAVIOUR), shop, shelf, sessions)
        today, waiting = part_at_midnight(begun, waiting, now)
        yield Day(day, number, spoil(today, now, shop.dialect), shelf.texts, sessions.shared)


def part_at_midnight(
    begun: pl.DataFrame, waiting: pl.DataFrame, now: Moment
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what happens today and what later, of sessions begun today or before."""
    if now.date == MISSING_DAY:
        begun = begun.clear()
    midnight = pl.col("second") >= (now.number + 1) * DAY
    month_end = (now.number - now.date.day + 1 + len(days_of(now.date.replace(day=1)))) * DAY
    # Sessions that reach the next month are counted by their id, so they keep it.
    crossing = begun.filter(pl.col("second") >= month_end)["low"].unique().implode()
    begun = begun.with_columns(pl.col("keeps_id") | pl.col("low").is_in(crossing))
    events = pl.concat([waiting, begun]) if len(waiting) else begun
    return events.filter(~midnight), events.filter(midnight)


def spoil(events: pl.DataFrame, now: Moment, dialect: Dialect) -> pl.DataFrame:
    """Return a day's events as they reach the file: incomplete, dirty, in order of time."""
    rng = now.generator(Purpose.DIRT)
    if now.date == MISSING_DAY:
        events = events.clear()
    if now.date == OUTAGE[0].date():
        start, end = (
            now.number * DAY + moment.hour * 3600 + moment.minute * 60 for moment in OUTAGE
        )
        written = pl.Series(rng.random(len(events)) < OUTAGE_SURVIVAL)
        events = events.filter(~pl.col("second").is_between(start, end, closed="left") | written)
    dirty = soil(rng, events, dialect, now.date)
    return plant(
        now.generator(Purpose.FAULTS), dirty, (now.date, now.number), cut=now.cuts_last_line
    )
