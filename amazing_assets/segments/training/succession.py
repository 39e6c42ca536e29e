"""What became of the segments of the champion, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.training.contract import SegmentSuccession

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amazing_assets.segments.model import SegmentModel
    from amazing_assets.segments.naming.identity import Pair, Succession


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
            "segment_name": names[number].name,
            "segment_name_english": names[number].english,
            "fate": fate,
            "jaccard": kept[number].jaccard if number in kept else None,
            "distance": kept[number].distance if number in kept else None,
            "shares_with": sharing(number, succession),
            "name_drift": number in drifted,
        }
        for number, fate in fates.items()
    ]
    return SegmentSuccession.validate(pl.DataFrame(rows, schema=schema_of(SegmentSuccession)))


def sharing(number: int, succession: Succession) -> str | None:
    """Return with whom a segment shares much of its customers, if it split or merged."""

    def told(verb: str, others: Iterable[tuple[int, Pair]]) -> str | None:
        shown = ", ".join(f"{other} ({pair.jaccard:.0%})" for other, pair in others)
        return f"{verb} {shown}" if shown else None

    after = succession.numbers
    split = [(after[p.after], p) for p in succession.splits if p.before == number]
    merged = [(p.before, p) for p in succession.merges if after[p.after] == number]
    texts = (told("split into", split), told("merged from", merged))
    return "; ".join(text for text in texts if text) or None
