"""The landing zone: which files have landed, and their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from isal import igzip_threaded

from amazing_assets.landing.names import month_of_file


class LandingError(Exception):
    """A file cannot be read, or a month has none; the message says which and what to do."""


@dataclass(frozen=True)
class LandedFile:
    """An event file as it lies in the landing zone.

    Attributes:
        path: Where it is.
        bytes: Its size.
        modified_ns: When it was last written, nanoseconds since 1970.
    """

    path: Path
    bytes: int
    modified_ns: int

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self.path.name

    def open(self) -> BinaryIO:
        """Open the file's text, decompressed in a thread of its own if need be."""
        if self.path.suffix == ".gz":
            # isal decompresses 1.8 GB of CSV a second, the standard library 0.5.
            stream: BinaryIO = igzip_threaded.open(self.path, "rb", threads=1)  # type: ignore[no-untyped-call]  # isal is untyped
            return stream
        return self.path.open("rb")


@dataclass(frozen=True)
class Zone:
    """A folder in which event files land."""

    folder: Path

    def files(self) -> list[LandedFile]:
        """Return every file of the folder, by name; sub-folders are not looked into."""
        if not self.folder.is_dir():
            return []
        found = sorted(path for path in self.folder.iterdir() if path.is_file())
        return [LandedFile(p, p.stat().st_size, p.stat().st_mtime_ns) for p in found]

    def listing(self) -> dict[str, tuple[int, int]]:
        """Return size and time of change of every file, by name.

        Raises:
            LandingError: The folder is missing or cannot be listed.
        """
        if not self.folder.is_dir():
            raise LandingError(f"The landing folder {self.folder} does not exist; make it.")
        try:
            return {file.name: (file.bytes, file.modified_ns) for file in self.files()}
        except OSError as error:
            raise LandingError(f"{self.folder} cannot be listed: {error}") from error

    def months(self) -> dict[str, list[LandedFile]]:
        """Return the files of each month, oldest month first; odd names are left out."""
        months: dict[str, list[LandedFile]] = {}
        for file in self.files():
            month = month_of_file(file.name)
            if month:
                months.setdefault(month, []).append(file)
        return dict(sorted(months.items()))

    def odd_names(self) -> list[str]:
        """Return the names that are not those of event files."""
        return [file.name for file in self.files() if month_of_file(file.name) is None]

    def files_of(self, month: str) -> list[LandedFile]:
        """Return the files of one month.

        Raises:
            LandingError: The month has none.
        """
        files = self.months().get(month)
        if not files:
            odd = self.odd_names()
            hint = f" Names that are no month: {', '.join(odd[:5])}." if odd else ""
            raise LandingError(
                f"No file of {month} has landed in {self.folder}; "
                f"put it there under a name such as 2019-Oct.csv.gz.{hint}"
            )
        return files
