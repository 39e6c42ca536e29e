"""The landing zone: which files have landed, and their bytes."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from isal import igzip_threaded

from amazing_assets.errors import PlainError
from amazing_assets.landing.generated import Manifest, manifest_of, strangers
from amazing_assets.landing.names import (
    file_name,
    month_like,
    month_of_contacts,
    month_of_file,
    say_unread,
    unpacked_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from io import BufferedReader

# What changes when a file is written again: its size and time of change, and S3's ETag.
Version = tuple[int | str, ...]


_GZIP = b"\x1f\x8b"


class LandingError(PlainError):
    """A file cannot be read, or a month has none; the message says which and what to do."""


@dataclass(frozen=True)
class LandedFile:
    """An event file as it lies in the landing zone.

    Attributes:
        name: Its name, without its folder.
        bytes: Its size.
        version: Another one whenever the file is written again.
        fetch: Opens its bytes as they lie there.
        columns: Our names of columns that the file may call otherwise.
    """

    name: str
    bytes: int
    version: Version
    fetch: Callable[[], BufferedReader]
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path) -> LandedFile:
        """Return the file at a path of this machine."""
        found = path.stat()
        version = (found.st_size, found.st_mtime_ns)
        return cls(path.name, found.st_size, version, lambda: path.open("rb"))

    @property
    def is_packed(self) -> bool:
        """Whether its first bytes say so.

        Browsers unpack what they download and keep the name, others pack it and keep the name.
        """
        with self.fetch() as stored:
            return _is_packed(stored)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the file's text, decompressed in a thread of its own if it is packed."""
        with self.fetch() as stored:
            if not _is_packed(stored):
                yield stored
                return
            # isal decompresses 1.8 GB of CSV a second, the standard library 0.5.
            with igzip_threaded.open(stored, "rb", threads=1) as text:  # type: ignore[no-untyped-call]  # isal is untyped
                yield text


class Place(Protocol):
    """Where files land: a folder, or a prefix of a bucket. As text it is its address."""

    def files(self) -> list[LandedFile]:
        """Return every file that lies directly there, by name; nothing deeper is looked into.

        Raises:
            LandingError: It is missing or cannot be listed.
        """

    def manifest(self) -> Manifest | None:
        """Return what was generated there; None if nothing was."""


@dataclass(frozen=True)
class Folder:
    """A folder of this machine in which event files land."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def files(self) -> list[LandedFile]:
        """Return every file of the folder, by name; sub-folders are not looked into."""
        if not self.path.is_dir():
            raise LandingError(
                f"No event file has landed in {self}, for the folder does not exist; make it, and "
                f"put files there under names such as 2019-Oct.csv.gz."
            )
        try:
            return [LandedFile.at(path) for path in sorted(self.path.iterdir()) if path.is_file()]
        except OSError as error:
            raise LandingError(f"{self} cannot be listed: {error}") from error

    def manifest(self) -> Manifest | None:
        """Return what was generated there; None if nothing was."""
        return manifest_of(self.path)


def by_month(
    files: Iterable[LandedFile], month_of: Callable[[str], str | None]
) -> dict[str, list[LandedFile]]:
    """Return files by the month that their names say, oldest month first; others are left out."""
    months: dict[str, list[LandedFile]] = {}
    for file in files:
        if month := month_of(file.name):
            months.setdefault(month, []).append(file)
    return dict(sorted(months.items()))


@dataclass(frozen=True)
class Zone:
    """The files of a place, as months."""

    place: Place

    def __str__(self) -> str:
        return str(self.place)

    def files(self) -> list[LandedFile]:
        """Return every file of the place but those of contacts, by name.

        Raises:
            LandingError: The place is missing or cannot be listed.
        """
        return [file for file in self.place.files() if month_of_contacts(file.name) is None]

    def contacts(self) -> dict[str, list[LandedFile]]:
        """Return the files of contacts of each month, oldest month first.

        Raises:
            LandingError: The place is missing or cannot be listed.
        """
        return by_month(self.place.files(), month_of_contacts)

    def contacts_of(self, month: str) -> list[LandedFile]:
        """Return the files of contacts of a month; none: nobody told of any.

        Raises:
            LandingError: One of them lies there packed and unpacked.
        """
        files = self.contacts().get(month, [])
        self._refuse_twins(files)
        return files

    def manifest(self) -> Manifest | None:
        """Return what was generated there; None if nothing was."""
        return self.place.manifest()

    def listing(self) -> dict[str, Version]:
        """Return the version of every file, by name."""
        return {file.name: file.version for file in self.files()}

    def months(self) -> dict[str, list[LandedFile]]:
        """Return the files of each month, oldest month first; odd names are left out."""
        return by_month(self.files(), month_of_file)

    def unread(self) -> list[str]:
        """Return the names that are not those of event files: no run reads them."""
        return [file.name for file in self.files() if month_of_file(file.name) is None]

    def unread_of(self, month: str) -> list[str]:
        """Return those of them that seem to be a month's: every run of it tells them."""
        return [name for name in self.unread() if month_like(name) == month]

    def files_of(self, month: str) -> list[LandedFile]:
        """Return the files of one month.

        Raises:
            LandingError: The month has none, one of them lies there packed and unpacked, or
                generated files lie among others.
        """
        files = self.months().get(month)
        if not files:
            unread = self.unread()
            hint = f"; {say_unread(unread, month)}" if unread else "."
            raise LandingError(
                f"No file of {month} has landed in {self}; "
                f"put it there under a name such as {file_name(month)}{hint}"
            )
        self._refuse_twins(files)
        self._refuse_mixture(month)
        return files

    def _refuse_twins(self, files: list[LandedFile]) -> None:
        known: dict[str, str] = {}
        for file in files:
            twin = known.setdefault(unpacked_name(file.name), file.name)
            if twin != file.name:
                raise LandingError(
                    f"{twin} and {file.name} in {self} are one file, unpacked and packed, and "
                    f"would be counted twice; take away the one that is out of date."
                )

    def _refuse_mixture(self, month: str) -> None:
        manifest = self.manifest()
        if manifest is None:
            return
        landed = ((file.name, file.fetch) for file in self.files())
        if others := strangers(landed, manifest, month):
            raise LandingError(
                f"{self} holds generated files and others, such as {others[0]}; invented "
                f"customers and real ones never share a home: give each a home of its own with "
                f"AMAZING_HOME."
            )
        if not manifest.is_finished:
            raise LandingError(
                f"{self} is being generated, or its generator was killed; wait for it, or generate "
                f"it again."
            )


def _is_packed(stored: BufferedReader) -> bool:
    return stored.peek(len(_GZIP)).startswith(_GZIP)
