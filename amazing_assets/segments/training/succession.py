"""What became of the segments of the champion, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.training.contract import SegmentSuccession

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amazing_assets.segments.model import SegmentModel
    from amazing_assets.segments.naming.identity import Succession


def succession_table(
    succession: Succession, champion: SegmentModel, model: SegmentModel
) -> pl.DataFrame:
    """Return `SegmentSuccession`: the segments of the new model, then those retired."""
    kept = {pair.before: pair for pair in succession.kept}
    fates = {number: "kept" if number in kept else "new" for number in map(int, model.numbers)}
    fates |= dict.fromkeys(succession.retired, "retired")
    names = {**champion.names, **model.names}
    drifted = {segment.number for segment in model.segments if segment.name_drift}
    rows = [
        {
            "segment": number,
            **names[number].columns,
            "fate": fate,
            "jaccard": kept[number].jaccard if number in kept else None,
            "distance": kept[number].distance if number in kept else None,
            "split_into": split_into(number, succession),
            "merged_from": merged_from(number, succession),
            "name_drift": number in drifted,
        }
        for number, fate in fates.items()
    ]
    return SegmentSuccession.validate(pl.DataFrame(rows, schema=schema_of(SegmentSuccession)))


def split_into(number: int, succession: Succession) -> str | None:
    """Return the numbers that share much of an old segment's customers, if it split."""
    parts = (pair.after for pair in succession.splits if pair.before == number)
    return listed(succession.numbers[group] for group in parts)


def merged_from(number: int, succession: Succession) -> str | None:
    """Return the old numbers that share much of a segment's customers, if it is several."""
    merges = succession.merges
    return listed(pair.before for pair in merges if succession.numbers[pair.after] == number)


def listed(numbers: Iterable[int]) -> str | None:
    """Return numbers in order; None for none."""
    return ", ".join(map(str, sorted(numbers))) or None
