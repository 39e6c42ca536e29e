"""Histories out of the lake, some customers at a time: bounded memory, whatever the shop's size."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from amazing_assets.dates import HISTORY
from amazing_assets.errors import PlainError
from amazing_assets.next_actions.histories import Histories, histories, together
from amazing_assets.next_actions.periods import sampling_order
from amazing_assets.next_actions.sequences import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.lake.shard import Shard
    from amazing_assets.lake.table import Lake

TABLE = "action_sequences"

# Actions of whole customers that are in memory at a time, some 300 MB of work.
_AT_A_TIME = 2_000_000


class NoSequencesError(PlainError):
    """There is nothing to learn from."""


class Part(NamedTuple):
    """Some of the customers of a shard: of every `of` customers one."""

    number: int
    of: int


def known_months(lake: Lake, last: str | None = None) -> tuple[str, ...]:
    """Return the months of sequences in the history that ends with a month, oldest first.

    Args:
        lake: The lake.
        last: The month; None: the latest.

    Raises:
        NoSequencesError: There is none.
    """
    months = [each for each in lake.months(TABLE) if last is None or each <= last][-HISTORY:]
    if not months:
        upto = "" if last is None else f" up to {last}"
        raise NoSequencesError(
            f"The lake has no month of {TABLE}{upto}; materialize {TABLE} first."
        )
    return tuple(months)


def parts_of_shard(shard: Shard, months: Sequence[str], at_a_time: int = _AT_A_TIME) -> list[Part]:
    """Return the parts of a shard that are read one after the other."""
    count = shard.scan(TABLE, *months).select(pl.col("actions").list.len().sum()).collect().item()
    parts = max(1, -(-int(count or 0) // at_a_time))
    return [Part(number, parts) for number in range(parts)]


def steps_of(shard: Shard, months: Sequence[str], part: Part, share: float = 1.0) -> pl.DataFrame:
    """Return the actions of some customers of a shard, as `sequences.joined` does.

    Args:
        shard: The shard.
        months: Oldest first.
        part: Which of its customers.
        share: How many of those, drawn by their pseudonyms: the same ones every time.
    """
    drawn = pl.col("user_id").map_batches(
        partial(_is_drawn, part=part, share=share), return_dtype=pl.Boolean
    )
    frames = [(month, shard.scan(TABLE, month).filter(drawn)) for month in months]
    return joined(frames).collect()


def _is_drawn(customers: pl.Series, part: Part, share: float) -> pl.Series:
    order = sampling_order(customers.to_numpy())
    # The shard took the remainder of the pseudonym, strangers the last digits of the order.
    position = order >> np.uint64(32)
    is_part = (order // np.uint64(1_000)) % np.uint64(part.of) == np.uint64(part.number)
    return pl.Series(is_part & (position < np.uint64(round(share * 2**32))))


def gather(lake: Lake, months: Sequence[str], most: int, observed_until: int) -> Histories:
    """Return the histories to learn from; programs are left out.

    Args:
        lake: The lake.
        months: Oldest first.
        most: Of about so many actions; of more, some customers are drawn, never some actions.
        observed_until: As of `histories`.

    Raises:
        NoSequencesError: Nobody has done anything.
    """
    lengths = lake.scan(TABLE, *months).select(pl.col("actions").list.len().sum()).collect().item()
    share = min(1.0, most / max(int(lengths or 0), 1))
    task = partial(_steps_of_shard, months=tuple(months), share=share)
    found = [
        histories(steps, observed_until)
        for shard in lake.map(task)
        for steps in shard
        if not steps.is_empty()
    ]
    if not found:
        raise NoSequencesError(
            f"Nobody has done anything in the months from {months[0]} to {months[-1]} that a "
            "next-action model could learn from; deliver a month of customers first."
        )
    return together(found)


def _steps_of_shard(shard: Shard, months: tuple[str, ...], share: float) -> list[pl.DataFrame]:
    # What is drawn decides how much is in memory, not what is there.
    parts = parts_of_shard(shard, months, int(_AT_A_TIME / share))
    return [
        steps_of(shard, months, part, share).filter(~pl.col("is_bot_suspect")) for part in parts
    ]
