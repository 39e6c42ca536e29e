"""What customers did, as sequences of small numbers: a month at a time, one shard of it.

Months join to histories: a visit, or a run of the same action, that goes on across a month's end is
one, as if all had been read at once. A visit whose id comes back after other visits, in another
month, has ended before.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.dates import first_day
from amazing_assets.events.clean import session_key
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.left_out import without
from amazing_assets.lake.shard import Query
from amazing_assets.next_actions.contract import ActionSequences
from amazing_assets.next_actions.vocabulary import END_SESSION, action_of_event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

# Of more of a kind in a row a model learns nothing but how many there were.
LONGEST_RUN = 3

_MOST_REPEATS = 2**15 - 1

# Ties within a second: the funnel's order, then the product, then whatever decides the action.
_ORDER = ("user_id", "event_time", "event_type", "product_id", "user_session", "category_code")

_LISTS = ("actions", "seconds", "repeats")


def month_of_sequences(month: str, away: pl.Series | None = None) -> Query[pl.LazyFrame]:
    """Return what makes the sequences of a shard in a month.

    Args:
        month: As `2019-10`.
        away: Pseudonyms of customers of whom there are none; None: of all there are.
    """
    made = partial(sequences, first=first_day(month), away=away)
    return Query(made, ("clean_events",), (month,))


def sequences(
    clean_events: pl.LazyFrame, first: date, away: pl.Series | None = None
) -> pl.LazyFrame:
    """Return `ActionSequences` of the events of a month.

    Args:
        clean_events: `CleanEvents`, in any order.
        first: The first day of the month.
        away: As above.
    """
    if away is not None:
        clean_events = without(clean_events, away)
    since = pl.col("event_time").dt.replace_time_zone(None) - pl.lit(first).cast(pl.Datetime("us"))
    events = _in_order(
        clean_events,
        is_bot_suspect=pl.col("is_bot_suspect"),
        second=since.dt.total_seconds().cast(pl.Int32),
    )
    events = events.collect().lazy()
    last_of_visit = pl.col("row") == pl.col("row").max().over("user_id", "user_session")
    ends = events.filter(last_of_visit).with_columns(action=pl.lit(END_SESSION, pl.Int16))
    steps = pl.concat([events, ends]).sort("row", "action").drop("row")
    return _told(collapsed(steps))


def _in_order(clean_events: pl.LazyFrame, **known: pl.Expr) -> pl.LazyFrame:
    """Return the events that are actions, numbered in order, with what else is known of each.

    Whoever uses it twice has it made once.
    """
    return (
        clean_events.filter(action_of_event().is_not_null())
        .sort(_ORDER, nulls_last=True)
        .select(
            "user_id",
            action_of_event(),
            session_key("event_time"),
            repeats=pl.lit(1, pl.Int32),
            **known,
        )
        .with_row_index("row")
    )


def collapsed(steps: pl.LazyFrame) -> pl.LazyFrame:
    """Return steps of which more than three of a kind in a row are three.

    The third stands for all that follow it. What was collapsed before and is joined to more can be
    collapsed again: it comes out as if it had been one from the start.

    Args:
        steps: Columns `user_id`, `action`, `repeats` and more, by customer and time.
    """
    is_new = [pl.col(name) != pl.col(name).shift() for name in ("user_id", "action")]
    row = pl.int_range(pl.len())
    first = pl.when(pl.any_horizontal(is_new).fill_null(True)).then(row).forward_fill()
    kept = pl.min_horizontal(row, first + (LONGEST_RUN - 1))
    return (
        steps.with_columns(kept=kept)
        .group_by("kept", maintain_order=True)
        .agg(pl.exclude("kept", "repeats").first(), pl.col("repeats").sum())
        .drop("kept")
    )


def _told(steps: pl.LazyFrame) -> pl.LazyFrame:
    """One row per customer of steps in order."""
    return (
        steps.group_by("user_id", maintain_order=True)
        .agg(
            actions=pl.col("action"),
            seconds=pl.col("second"),
            repeats=pl.col("repeats").clip(upper_bound=_MOST_REPEATS).cast(pl.Int16),
            first_session=pl.col("user_session").first(),
            last_session=pl.col("user_session").last(),
            is_bot_suspect=pl.col("is_bot_suspect").any(),
        )
        .select(schema_of(ActionSequences).names())
    )


def steps_of_events(clean_events: pl.LazyFrame) -> pl.LazyFrame:
    """Return the histories that events of any months make, as `joined` does of their sequences."""
    events = _in_order(
        clean_events,
        at=pl.col("event_time").dt.epoch("s"),
        is_bot_suspect=pl.col("is_bot_suspect").any().over("user_id"),
        month=pl.col("event_time").dt.date().dt.month_start(),
    ).cache()
    visit, row = ("user_id", "user_session"), pl.col("row")
    is_last = row == row.max().over(*visit, "month")
    goes_on = pl.all_horizontal(pl.col(name) == pl.col(name).shift(-1) for name in visit)
    ends = events.filter(is_last & ~goes_on.fill_null(False))
    ends = ends.with_columns(action=pl.lit(END_SESSION, pl.Int16))
    steps = pl.concat([events, ends]).sort("row", "action").drop("row", "user_session", "month")
    return collapsed(steps)


def joined(months: Sequence[tuple[str, pl.LazyFrame]]) -> pl.LazyFrame:
    """Return the histories that months of sequences make together, one row per action.

    Args:
        months: Each month, as `2019-10`, and its `ActionSequences`, oldest first.

    Returns:
        Columns `user_id`, `action`, `at` (seconds since 1970), `repeats`, `is_bot_suspect`; by
        customer and time.
    """
    rows = pl.concat([_dated(month, frame) for month, frame in months])
    next_session = pl.col("first_session").shift(-1).over("user_id")
    goes_on = (next_session == pl.col("last_session")).fill_null(False)
    length = pl.col("actions").list.len() - goes_on.cast(pl.UInt32)
    return collapsed(
        rows.sort("user_id", "began")
        .with_columns(
            pl.col(*_LISTS).list.head(length),
            pl.col("is_bot_suspect").any().over("user_id"),
        )
        .explode(*_LISTS)
        .select(
            "user_id",
            pl.col("actions").alias("action"),
            at=pl.col("began") + pl.col("seconds"),
            repeats=pl.col("repeats").cast(pl.Int32),
            is_bot_suspect=pl.col("is_bot_suspect"),
        )
    )


def _dated(month: str, frame: pl.LazyFrame) -> pl.LazyFrame:
    began = pl.lit(first_day(month)).cast(pl.Datetime("ms")).dt.epoch("s")
    return frame.with_columns(began=began)
