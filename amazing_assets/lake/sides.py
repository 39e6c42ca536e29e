"""The two sides of a lake, a folder and a prefix of a bucket, behind one small interface.

A place of either kind is put together with `/`; what is asked of it goes to its side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from amazing_assets.lake import storage
from amazing_assets.locations import BucketPath, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    import polars as pl

    from amazing_assets.cadence import Cadence
    from amazing_assets.lake.storage import Part

# A place of the side's own kind.
_Place = Any


class Version(Protocol):
    """A partition of a table in the making; unseen by readers until it is published."""

    # Where its files are written.
    folder: Any

    def publish(self) -> None:
        """Make this version the partition that readers see."""

    def switch(self) -> None:
        """Make this version the partition; who lists a table's folder is shown it later."""

    def release(self) -> None:
        """Give up the lock of a version that is the partition now."""

    def discard(self) -> None:
        """Delete what was written."""


class Side(Protocol):
    """What tables need of the place where they lie; `storage` says what each of these does."""

    def published(self, table: _Place, cadence: Cadence) -> tuple[str, ...]:
        """Return the partitions of a table, oldest first."""

    def parts(self, table: _Place, keys: Sequence[str], shard: int | None = None) -> list[Part]:
        """Return what is read of some partitions."""

    def version_of(self, table: _Place, key: str) -> str:
        """Return what changes whenever a partition is made again."""

    def begin(self, table: _Place, key: str) -> Version:
        """Begin a version of a partition."""

    def begin_from(self, version: Any, file: _Place) -> None:  # noqa: ANN401  of the side
        """Have a version hold a file of the current one."""

    def shard_of(self, file: _Place) -> int:
        """Return the number of the shard in whose folder a file lies."""

    def sweep(self, table: _Place, key: str) -> None:
        """Delete the versions of a partition that nobody writes, but the current one."""

    def sweep_all(self, table: _Place) -> bool:
        """Do so with all partitions of a table; False if somebody writes one."""

    def show_again(self, table: _Place) -> None:
        """Show a table's folder anew, once some of its partitions were switched."""

    def tables(self, root: _Place) -> list[str]:
        """Return the names of a lake's tables."""

    def shard_folder(self, version: _Place, shard: int) -> _Place:
        """Return where a shard of a version lies."""

    def written(self, version: _Place) -> Sequence[_Place]:
        """Return the files of a version that were written so far."""

    def write(self, frame: pl.DataFrame, file: _Place) -> None:
        """Write a file."""

    def write_all(self, frames: Mapping[Any, pl.DataFrame]) -> None:
        """Write files, each frame to its place."""

    def scan(self, files: Sequence[_Place]) -> pl.LazyFrame:
        """Return the rows of some files."""

    def holds_partitions(self, root: _Place) -> bool:
        """Whether any table of a lake has any partition."""

    def holds_anything(self, root: _Place) -> bool:
        """Whether a lake holds a partition, or somebody is writing one."""

    def note(self, root: _Place, name: str) -> str | None:
        """Return what is written down beside the tables."""

    def write_note_once(self, root: _Place, name: str, text: str) -> None:
        """Write something down beside the tables."""

    def change_note(self, root: _Place, name: str, change: Callable[[str], str]) -> None:
        """Write something down in place of what is written there."""

    def deciding(self, root: _Place) -> AbstractContextManager[object]:
        """Have what is decided of a lake stay what it is until the end of the block."""

    def decide(self, root: _Place, name: str, text: str, is_free: Callable[[], bool]) -> str:
        """Write down what nothing depends on yet; return what is written down."""


def side_of(place: Location) -> Side:
    """Return the side on which a place lies."""
    if isinstance(place, BucketPath):
        # Whose lake is a folder never waits for what S3 needs.
        from amazing_assets.lake import bucket  # noqa: PLC0415

        return bucket
    return storage
