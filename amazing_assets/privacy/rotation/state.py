"""A rotation that has begun: the new key and the pairs, until every table has the new numbers.

For its owner alone, and deleted at the end: whoever has the pairs can tell who was who.
"""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from amazing_assets.whole_files import write_whole

_KEY, _UNKNOWN, _PAIRS, _DONE, _ROWS = "key", "unknown", "pairs.parquet", "done", "rows"


@dataclass(frozen=True)
class Rotation:
    """The rotation of a home.

    Attributes:
        folder: Where it is kept.
    """

    folder: Path

    @classmethod
    def of(cls, home: Path) -> Rotation:
        """Return the rotation of a home, begun or not."""
        return cls(home / "privacy" / "rotation")

    @property
    def has_begun(self) -> bool:
        """Whether there is something to finish."""
        return (self.folder / _PAIRS).exists()

    @property
    def key(self) -> str:
        """The new key."""
        return (self.folder / _KEY).read_text()

    @property
    def pairs(self) -> pl.DataFrame:
        """The pairs of pseudonyms."""
        return pl.read_parquet(self.folder / _PAIRS)

    @property
    def rows(self) -> Path:
        """An empty folder for rows on their way."""
        shutil.rmtree(self.folder / _ROWS, ignore_errors=True)
        (self.folder / _ROWS).mkdir(mode=0o700)
        return self.folder / _ROWS

    @property
    def unknown(self) -> int:
        """How many customers have no new number."""
        return int((self.folder / _UNKNOWN).read_text())

    def begin(self, key: str, pairs: pl.DataFrame, unknown: int) -> None:
        """Keep the new key and the pairs; the pairs last, for they are what has begun."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self.folder / _KEY, key.encode())
        write_whole(self.folder / _UNKNOWN, str(unknown).encode())
        written = io.BytesIO()
        pairs.write_parquet(written)
        write_whole(self.folder / _PAIRS, written.getvalue())

    def done(self) -> dict[str, int]:
        """Return the rows of each partition that has the new numbers already."""
        file = self.folder / _DONE
        lines = file.read_text().splitlines() if file.exists() else []
        # One that a killed process left half written is done again.
        cells = (line.partition(" ") for line in lines if line.endswith("."))
        return {cell: int(rows[:-1]) for cell, _, rows in cells}

    def note_done(self, cell: str, rows: int) -> None:
        """Note that a partition has the new numbers."""
        with (self.folder / _DONE).open("a") as done:
            done.write(f"{cell} {rows}.\n")

    def install(self, file: Path) -> None:
        """Have the new key take the place of the old one in a file."""
        write_whole(file, self.key.encode())

    def close(self) -> None:
        """Delete the pairs, which end what has begun, and all that is left."""
        (self.folder / _PAIRS).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
