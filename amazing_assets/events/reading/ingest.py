"""The files of a month into drafts of `raw_events` and `rejected_events`; every row counted."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.events.contract import RejectedEvents
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.read import read_block
from amazing_assets.events.reading.tally import FileCount, Tally
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.engine import map_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from amazing_assets.events.reading.blocks import Block
    from amazing_assets.events.reading.read import Rows
    from amazing_assets.lake.left_out import Erased
    from amazing_assets.lake.table import Draft
    from amazing_assets.landing.zone import LandedFile

# Half a million rows are 0.08 GB as a frame; three such frames are under way at a time.
_ROWS_A_PART = 500_000


@dataclass(frozen=True)
class Ingested:
    """What became of a month's files.

    Attributes:
        files: The counts of each file.
        warnings: Whole sentences about files that were read but look odd.
    """

    files: tuple[FileCount, ...]
    warnings: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows in the files."""
        return sum(file.rows for file in self.files)

    @property
    def kept(self) -> int:
        """Rows that became events."""
        return sum(file.kept for file in self.files)

    @property
    def rejected(self) -> int:
        """Rows that did not."""
        return sum(file.rejected for file in self.files)

    @property
    def suppressed(self) -> int:
        """Rows of erased customers."""
        return sum(file.suppressed for file in self.files)

    @property
    def is_complete(self) -> bool:
        """Whether every row is kept, rejected or an erased customer's."""
        return self.rows == self.kept + self.rejected + self.suppressed

    @property
    def reasons(self) -> dict[str, int]:
        """Rejected rows by reason, the commonest first."""
        counted = sum((Counter(file.reasons) for file in self.files), Counter())
        return dict(counted.most_common())

    @property
    def words(self) -> int:
        """Words for nothing that were read as empty."""
        return sum(file.words for file in self.files)

    @property
    def unreadable(self) -> tuple[FileCount, ...]:
        """Files that are mostly rejects, for any of which the month is refused."""
        return tuple(file for file in self.files if not file.is_readable)


def ingest(  # noqa: PLR0913  the last three say how files are read
    files: Iterable[LandedFile],
    raw: Draft,
    rejected: Draft,
    *,
    month: str,
    key: str,
    erased: Erased | None = None,
) -> Ingested:
    """Read a month's files into the drafts.

    Args:
        files: The landed files of the month.
        raw: Draft of `raw_events`.
        rejected: Draft of `rejected_events`.
        month: The month, as `2019-10`.
        key: The pseudonym key.
        erased: The customers whose events are not kept; None: nobody.

    Raises:
        LandingError: A file cannot be trusted as a whole.
    """
    reader = partial(read_block, month=month, key=key, erased=erased)
    rejects = [pl.DataFrame(schema=schema_of(RejectedEvents))]
    counts, warnings = [], []
    for number, file in enumerate(files):
        tally = Tally()
        parts = _parts(_counted(file, reader, tally, rejects))

        def write(part: tuple[int, pl.DataFrame], number: int = number) -> None:
            raw.add(part[1], f"file{number:03d}-{part[0]:04d}")

        # Written in a thread of its own while the next part is read.
        deque(map_ahead(write, enumerate(parts), threads=1), maxlen=0)
        counts.append(tally.of(file))
        warnings += tally.warnings(file.name)
    raw.complete()
    rejected.add_whole(pl.concat(rejects))
    return Ingested(tuple(counts), tuple(warnings))


def _counted(
    file: LandedFile,
    reader: Callable[[Block], Rows],
    tally: Tally,
    rejects: list[pl.DataFrame],
) -> Iterator[pl.DataFrame]:
    def read(block: Block) -> tuple[Block, Rows]:
        return block, reader(block)

    for block, rows in map_ahead(read, read_blocks(file)):
        tally.count(block, rows)
        rejects.append(rows.rejected)
        yield rows.kept


def _parts(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the same rows in larger frames."""
    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame)
        if sum(f.height for f in waiting) >= _ROWS_A_PART:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)
