"""Every family as of a reference date, side by side, with the segment of the month before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.customers.columns import feature_version
from amazing_assets.customers.contacts.family import contacts
from amazing_assets.customers.features.families import (
    FAMILIES,
    aligned,
    build_features,
    customers_of,
)
from amazing_assets.customers.features.history import EVENTS
from amazing_assets.customers.view.contract import WEEKS_OF_ACTIVITY, CustomerView
from amazing_assets.dates import WEEK, add_months, month_of
from amazing_assets.fault_log import told
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from amazing_assets.customers.calendar import Calendar
    from amazing_assets.customers.features.families import Family
    from amazing_assets.customers.features.history import History
    from amazing_assets.customers.view.history import HistoryOfShard
    from amazing_assets.lake.shard import Shard
    from amazing_assets.lake.table import Draft, Lake

_SCHEMA = schema_of(CustomerView)


def fill_view(draft: Draft, lake: Lake, history: HistoryOfShard, segments: pl.DataFrame) -> None:
    """Write the customer view as of a reference date.

    Args:
        draft: Of `CustomerView`.
        lake: Where it belongs.
        history: Of `history_task`.
        segments: Columns `user_id`, `segment` and `segment_name`: those of the month before.
    """
    draft.fill(_ViewOfShard(history, by_shard(segments, lake.shards)))


def month_before(as_of: date) -> str:
    """Return the last month that is over at a reference date."""
    return month_of(add_months(as_of, -1))


def segments_for(assignments: pl.DataFrame | None) -> pl.DataFrame:
    """Return what the view takes of the assignments of a month; None: there are none."""
    if assignments is None:
        return pl.DataFrame(schema=_OF_SEGMENTS)
    return assignments.select(_OF_SEGMENTS.names())


@dataclass(frozen=True)
class _ViewOfShard:
    """What makes the view of a shard's customers, wherever it runs."""

    history: HistoryOfShard
    segments: Mapping[int, pl.DataFrame]

    def __call__(self, shard: Shard) -> pl.LazyFrame:
        history = self.history(shard)
        segments = self.segments.get(shard.number, pl.DataFrame(schema=_OF_SEGMENTS))
        market = pl.lit(self.history.calendar.market)
        features = build_features(history, self.history.past.all_months).lazy()
        return (
            features.rename({"as_of": "reference_date"})
            .join(weekly_activity(history), on="user_id", how="left")
            .join(contacts(history), on="user_id", how="left")
            .join(segments.lazy(), on="user_id", how="left")
            .with_columns(
                pl.col(_COUNTED).fill_null(0), market=market, feature_version=self._version
            )
            .select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items())
            .sort("user_id")
        )

    @property
    def _version(self) -> pl.Expr:
        return pl.lit(view_version(self.history.zone, self.history.calendar))


def view_version(zone: str, calendar: Calendar) -> str:
    """Return by which definitions a view is made: of a calendar of one's own the days are one.

    Segments read nothing of the calendar, and `user_features` keep their version: what reads the
    view, models of risk, must not learn of weeks with other days.
    """
    mark = calendar.mark
    return f"{feature_version(zone)}~{mark}" if mark else feature_version(zone)


def weekly_activity(history: History) -> pl.LazyFrame:
    """Return the events of each of the six weeks before the reference date."""
    day = pl.col("quarter_hour").dt.date()
    weeks = [
        pl.when(day.is_between(history.as_of - n * WEEK, history.as_of - (n - 1) * WEEK, "left"))
        .then(EVENTS)
        .otherwise(0)
        .sum()
        .alias(f"events_wk_{n}")
        for n in range(1, WEEKS_OF_ACTIVITY + 1)
    ]
    return history.sessions.group_by("user_id").agg(weeks)


# By name: each can be run, added or left out alone.
FETCHERS: dict[str, Family] = {
    family.__name__: family for family in (*FAMILIES, weekly_activity, contacts)
}


class Fetched(NamedTuple):
    """What some families know of the customers of a history.

    Attributes:
        frame: A row per customer, ascending.
        failed: Of each family that could not be made a sentence that says why.
    """

    frame: pl.DataFrame
    failed: Mapping[str, str]


def fetch(history: History, months: Iterable[str], families: Mapping[str, Family]) -> Fetched:
    """Return what some families know; those that fail keep nothing from the others.

    Args:
        history: Of `history_task`.
        months: The months that it is made of.
        families: Some of `FETCHERS`, or others.
    """
    customers = customers_of(history, months).with_columns(
        feature_version=pl.lit(view_version(history.zone, history.calendar))
    )
    found, failed = [customers], {}
    for name, family in families.items():
        try:
            found.append(_typed(aligned(family(history), customers)))
        except BaseException as error:
            # A panic of Polars is no `Exception`.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            failed[name] = told(error)
    return Fetched(pl.concat(found, how="horizontal"), failed)


def _typed(found: pl.DataFrame) -> pl.DataFrame:
    """The columns of a family with the types that the view promises, and 0 where it counts."""
    known = {name: _SCHEMA[name] for name in found.columns if name in _SCHEMA}
    filled = found.cast(pl.Schema(known))
    return filled.with_columns(pl.col(sorted(_COUNTED & known.keys())).fill_null(0))


# Nothing is counted of whom a table does not know.
_COUNTED = {"contacts_28d"}

_OF_SEGMENTS = pl.Schema({name: _SCHEMA[name] for name in ("user_id", "segment", "segment_name")})


def by_shard(segments: pl.DataFrame, shards: int) -> dict[int, pl.DataFrame]:
    """Return the segments of each shard's customers."""
    parts = (
        segments.select(_OF_SEGMENTS.names())
        .cast(_OF_SEGMENTS)
        .with_columns((pl.col("user_id") % shards).alias("shard"))
        .partition_by("shard", include_key=False, as_dict=True)
    )
    return {int(number): rows for (number,), rows in parts.items()}
