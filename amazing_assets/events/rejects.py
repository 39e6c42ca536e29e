"""A month's rejected rows as the lake keeps them: counted by reason, with masked examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from amazing_assets.lake.table import Lake

# Enough to see what is wrong, few enough to be read.
EXAMPLES = 3

_TABLE = "rejected_events"


class Example(NamedTuple):
    """A rejected row: where it lies, why it was rejected, and the line with its ids masked."""

    file: str
    line_number: int
    reason: str
    line: str


@dataclass(frozen=True)
class Rejects:
    """What was rejected of a month.

    Attributes:
        month: The month, as `2019-10`.
        rows: Rows in its files, kept or not.
        reasons: Rejected rows by reason, the most frequent first.
        examples: Some of them, of the most frequent reasons.
    """

    month: str
    rows: int
    reasons: dict[str, int]
    examples: tuple[Example, ...]

    @property
    def rejected(self) -> int:
        """Rows that were rejected."""
        return sum(self.reasons.values())


def rejects_of(lake: Lake, month: str) -> Rejects:
    """Return what was rejected of a month.

    Raises:
        LakeError: The lake does not have the month.
    """
    rejected = lake.scan(_TABLE, month)
    counts = rejected.group_by(pl.col("reason").cast(pl.String)).agg(rows=pl.len())
    reasons = dict(counts.sort("rows", "reason", descending=[True, False]).collect().iter_rows())
    kept = lake.scan("raw_events", month).select(pl.len()).collect().item()
    shown = list(reasons)[:EXAMPLES]
    examples = [
        example
        for place, reason in enumerate(shown)
        for example in _examples(rejected, reason, len(range(place, EXAMPLES, len(shown))))
    ]
    return Rejects(month, kept + sum(reasons.values()), reasons, tuple(examples))


def rejected_lines(lake: Lake, month: str) -> pl.DataFrame:
    """Return file, line number and reason of each rejected row, without its text.

    Raises:
        LakeError: The lake does not have the month.
    """
    columns = ("file", "line_number", "reason")
    return lake.scan(_TABLE, month).select(columns).collect().sort("file", "line_number")


def _examples(rejected: pl.LazyFrame, reason: str, count: int) -> list[Example]:
    # One reason at a time: a month of rejects need not be held to show three of them.
    columns = (pl.col("file"), pl.col("line_number"), pl.col("reason").cast(pl.String), "line")
    rows = rejected.filter(pl.col("reason") == reason).select(columns).head(count).collect()
    return [Example(*row) for row in rows.iter_rows()]
