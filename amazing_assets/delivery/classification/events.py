"""Events of any months as they arrive: read like landed files, pseudonymised on entry."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.errors import PlainError
from amazing_assets.events.contract import RawEvents
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.read import pseudonymised, read_lines
from amazing_assets.events.reading.tally import Tally
from amazing_assets.lake.contract import schema_of
from amazing_assets.pseudonym import pseudonyms

if TYPE_CHECKING:
    from amazing_assets.events.reading.tally import FileCount
    from amazing_assets.landing.zone import LandedFile

# Within these years every window of a history is a date.
_EPOCH, _LAST_YEAR = date(1970, 1, 1), 2200
_LAST_DAY = (date(_LAST_YEAR + 1, 1, 1) - _EPOCH).days


class NoReferenceError(PlainError):
    """There is no date at which customers could be classified."""


class Arrived(NamedTuple):
    """Events that were handed in.

    Attributes:
        events: `RawEvents`.
        ids: Columns `user_id`, as the shop knows its customers, and `pseudonym`: a row each, in
            memory for as long as it takes to answer.
    """

    events: pl.DataFrame
    ids: pl.DataFrame


def read_events(file: LandedFile, key: str) -> tuple[Arrived, FileCount]:
    """Return the events of a file, of whichever months, and what became of its rows.

    Args:
        file: As it may land, under any name.
        key: The pseudonym key.

    Raises:
        LandingError: The file cannot be trusted as a whole.
    """
    events, count = read_file(file)
    return arrived(events, key), count


def read_file(file: LandedFile) -> tuple[pl.DataFrame, FileCount]:
    """Return the events of a file under the shop's own ids, and what became of its rows.

    Raises:
        LandingError: The file cannot be trusted as a whole.
    """
    tally, kept = Tally(), [pl.DataFrame(schema=schema_of(RawEvents))]
    for block in read_blocks(file):
        rows = read_lines(block, None)
        tally.count(block, rows)
        kept.append(rows.kept)
    return pl.concat(kept), tally.of(file)


def arrived(events: pl.DataFrame, key: str) -> Arrived:
    """Return events under pseudonyms, of events under the shop's own ids."""
    ids = pseudonyms(events["user_id"], key)
    return Arrived(pseudonymised(events, ids), ids)


def reference_date(events: pl.DataFrame, given: date | None) -> date:
    """Return the date that was given, else the day after the last event, at which all count.

    Raises:
        NoReferenceError: There is no event, or the date lies where nothing can be computed.
    """
    if given is None:
        last = events.select(pl.col("event_time").max().dt.epoch("d")).item()
        if last is None:
            raise NoReferenceError("There is no event; send those of at least one customer.")
        day = int(last) + 1
    else:
        day = (given - _EPOCH).days
    if not 0 < day < _LAST_DAY:
        raise NoReferenceError(
            f"The reference date lies before {_EPOCH.year} or after {_LAST_YEAR}; give one "
            f"of those years, or correct the times of the events."
        )
    return _EPOCH + timedelta(days=day)


def under_shop_ids(answers: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Return answers under the ids with which the events arrived, in their order."""
    return (
        answers.rename({"user_id": "pseudonym"})
        .join(ids, on="pseudonym")
        .select("user_id", *(name for name in answers.columns if name != "user_id"))
        .sort("user_id")
    )
