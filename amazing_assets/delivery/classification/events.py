"""Events of any months as they arrive: read like landed files, pseudonymised on entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.events.contract import RawEvents
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.read import pseudonymised, read_lines
from amazing_assets.events.reading.tally import Tally
from amazing_assets.lake.contract import schema_of
from amazing_assets.pseudonym import pseudonyms

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.events.reading.tally import FileCount
    from amazing_assets.landing.zone import LandedFile


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
    tally, kept = Tally(), [pl.DataFrame(schema=schema_of(RawEvents))]
    for block in read_blocks(file):
        rows = read_lines(block, None)
        tally.count(block, rows)
        kept.append(rows.kept)
    return arrived(pl.concat(kept), key), tally.of(file)


def arrived(events: pl.DataFrame, key: str) -> Arrived:
    """Return events under pseudonyms, of events under the shop's own ids."""
    ids = pseudonyms(events["user_id"], key)
    return Arrived(pseudonymised(events, ids), ids)


def day_after(events: pl.DataFrame) -> date | None:
    """Return the reference date at which all of some events count; None: there are none."""
    last: date | None = events.select(
        pl.col("event_time").max().dt.date().dt.offset_by("1d")
    ).item()
    return last


def under_shop_ids(answers: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Return answers under the ids with which the events arrived, in their order."""
    return (
        answers.rename({"user_id": "pseudonym"})
        .join(ids, on="pseudonym")
        .select("user_id", *(name for name in answers.columns if name != "user_id"))
        .sort("user_id")
    )
