"""How many customers a model was fitted on, as far as that tells on nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.small_cells import HIDDEN, SMALLEST_CELL, blank, hide_small_cells

if TYPE_CHECKING:
    from amazing_assets.segments.model import SegmentModel

_ELIGIBLE = "eligible"


class Sizes(NamedTuple):
    """Numbers of customers; None: fewer than 20, or it would give away such a number.

    Attributes:
        eligible: Who could be given a segment; 0 is told, for it is about nobody.
        segments: Of each segment, in the order of the model.
        reasons: Who could not, by reason.
    """

    eligible: int | None
    segments: tuple[int | None, ...]
    reasons: dict[str, int | None]


def sizes(model: SegmentModel) -> Sizes:
    """Return how many customers a model was fitted on; that all together are known is presumed."""
    counts = model.provenance.counts
    reasons = {name: count for name, count in counts.items() if name != _ELIGIBLE}
    cells = pl.DataFrame(
        {
            "is_segment": [True] * len(model.segments) + [False] * len(reasons),
            "users": [*(each.users for each in model.segments), *reasons.values()],
            "everybody": 0,
        },
        schema={"is_segment": pl.Boolean, "users": pl.Int64, "everybody": pl.Int64},
    )
    marked = hide_small_cells(cells, ("is_segment",), ("everybody",))
    told = blank(marked)["users"].to_list()
    # Of the one reason that is hidden, those who are eligible are what is missing to everybody.
    gives_away = marked.filter(~pl.col("is_segment"))[HIDDEN].sum() == 1
    known = counts.get(_ELIGIBLE, 0)
    is_told = known == 0 or (known >= SMALLEST_CELL and not gives_away)
    return Sizes(
        known if is_told else None,
        tuple(told[: len(model.segments)]),
        dict(zip(reasons, told[len(model.segments) :], strict=True)),
    )
