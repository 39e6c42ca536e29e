"""Where files of requests lie until they are done, a folder or a prefix: a customer id a line."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from amazing_assets.lake import objects
from amazing_assets.locations import BucketPath, location_of
from amazing_assets.privacy.people import ids_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.locations import Location


@dataclass(frozen=True)
class Waiting:
    """The files of requests of a moment.

    Attributes:
        place: In which they lie.
        files: Each with what is another text once it is written again.
    """

    place: Location
    files: tuple[tuple[Location, str], ...]

    @property
    def state(self) -> str:
        """A text that is another one once a file is, and that names nobody."""
        return ",".join(version for _, version in self.files)

    def ids(self) -> list[int]:
        """Return the customers whom they name.

        Raises:
            UsageError: A line is no customer id.
        """
        return [
            each
            for number, (file, _) in enumerate(self.files, start=1)
            # The name is not told: some write the id into it.
            for each in ids_in(_text(file), f"file {number} of the requests")
        ]

    def remove(self) -> None:
        """Delete them; one that was written to meanwhile holds what nobody has read yet."""
        now = set(_files(self.place))
        for each in self.files:
            if each in now:
                _delete(each[0])


def waiting_in(place: str) -> Waiting:
    """Return the files of a folder or a prefix, hidden ones left out; it need not exist."""
    where = location_of(place)
    found = sorted(_files(where), key=lambda each: each[0].name)
    return Waiting(where, tuple(each for each in found if not each[0].name.startswith(".")))


def _files(place: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(place, BucketPath):
        for each in objects.listed(place):
            if each.path.parent == place:
                yield each.path, f"{each.tag}:{each.modified.timestamp()}"
    elif place.is_dir():
        for file in place.iterdir():
            # One that is taken away at this moment is as if it had never been there.
            with suppress(FileNotFoundError):
                known = file.stat()
                if S_ISREG(known.st_mode):
                    yield file, f"{known.st_mtime_ns}:{known.st_size}"


def _text(file: Location) -> str:
    if isinstance(file, Path):
        return file.read_text(errors="replace")
    found = objects.read(file)
    return found.data.decode(errors="replace") if found else ""


def _delete(file: Location) -> None:
    if isinstance(file, BucketPath):
        objects.delete([file])
    else:
        file.unlink(missing_ok=True)
