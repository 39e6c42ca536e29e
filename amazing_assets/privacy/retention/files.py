"""Files whose life is over: reports with lists and views, and logs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.privacy.files import files_below, names_in_bucket, remove_from_bucket
from amazing_assets.privacy.retention.removal import Outlived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.privacy.retention.lives import Lives


@dataclass(frozen=True)
class Files:
    """The files below some folders, or prefixes of buckets.

    Attributes:
        life: By which name their life is set.
        places: The folders and prefixes.
    """

    life: str
    places: tuple[str, ...]

    def outlived(self, lives: Lives) -> Sequence[Outlived]:
        """Return the files that are over: by the date in their path, else by when they were made.

        A report is of its month however often it is written.
        """
        if lives.bound(self.life) is None:
            return []
        return [
            Outlived(self.life, self.life, name, 1)
            for place in self.places
            for name, day in _dated(place)
            if lives.is_over_of(self.life, name.removeprefix(place), day)
        ]

    def remove(self, found: Sequence[Outlived]) -> None:
        """Remove files, and the folders that are empty then."""
        remove_from_bucket([each.key for each in found if _is_in_bucket(each.key)])
        for each in found:
            if not _is_in_bucket(each.key):
                _remove(Path(each.key), {Path(place) for place in self.places})


def _dated(place: str) -> list[tuple[str, date]]:
    if _is_in_bucket(place):
        return names_in_bucket(place)
    return [
        (str(file), datetime.fromtimestamp(file.stat().st_mtime, UTC).date())
        for file in sorted(files_below(Path(place)))
    ]


def _is_in_bucket(place: str) -> bool:
    return place.startswith("s3://")


def _remove(file: Path, places: set[Path]) -> None:
    file.unlink(missing_ok=True)
    folder = file.parent
    while folder not in places and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
