"""The file of a backup: a tar, opened by what it is and closed by what it holds.

The list at its end has the SHA-256 of every file, and its own beside it: a file that was cut, or of
which a bit fell over, is told from a whole one. Links stay links. Nothing is packed, for the tables
are packed already.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import tarfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from amazing_assets import __version__
from amazing_assets.backup.contents import BackupError
from amazing_assets.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from amazing_assets.backup.contents import Entry

FORMAT = 1

# No part of a home is called so.
ABOUT, LIST, LIST_DIGEST = ".backup/about.json", ".backup/list.json", ".backup/list.sha256"

# What tells two files apart, two links, and a folder from both.
Digests = dict[str, str]

BLOCK = 1 << 20


@dataclass(frozen=True)
class About:
    """What is known of a backup before it is read.

    Attributes:
        format: How the file is written.
        version: Of the platform that wrote it.
        made_at: When, as `2019-10-31T23:00:00Z`.
        has_key: Whether the pseudonym key is in it.
        parts: What lies directly in the home.
    """

    format: int
    version: str
    made_at: str
    has_key: bool
    parts: tuple[str, ...]

    @classmethod
    def of(cls, found: Iterable[Entry], *, has_key: bool) -> About:
        """Return what is to be known of a backup that is made now."""
        parts = dict.fromkeys(entry.name.partition("/")[0] for entry in found)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return cls(FORMAT, __version__, now, has_key, tuple(parts))


def write_archive(
    file: Path, found: Iterable[Entry], about: About, advance: Callable[[int], None]
) -> int:
    """Write a backup beside its place and move it there once it is whole; return its bytes.

    Args:
        file: Where; nothing may be there.
        found: What it holds.
        about: Put before it.
        advance: Is told how many bytes more were read.
    """
    with _beside(file) as target, tarfile.open(fileobj=target, mode="w") as tar:
        _add_text(tar, ABOUT, json.dumps(asdict(about)))
        digests: Digests = {}
        for entry in found:
            # Files of Dagster come and go, those of a table do not.
            if (digest := _add(tar, entry, advance)) is not None:
                digests[entry.name] = digest
        listed = json.dumps(digests)
        _add_text(tar, LIST, listed)
        _add_text(tar, LIST_DIGEST, hashlib.sha256(listed.encode()).hexdigest())
    return file.stat().st_size


@contextmanager
def _beside(file: Path) -> Iterator[IO[bytes]]:
    """Yield a new file that its owner alone can read, and have it take its name at the end."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.making")
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        # Unlike a rename, it never takes the place of another file.
        os.link(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, entry: Entry, advance: Callable[[int], None]) -> str | None:
    """Add a file, a link or a folder and return what it is told by; None: it is gone."""
    info = tarfile.TarInfo(entry.name)
    try:
        known = entry.path.lstat()
        info.mode, info.mtime = known.st_mode & 0o777, known.st_mtime
        if entry.path.is_symlink():
            info.type, info.linkname = tarfile.SYMTYPE, str(entry.path.readlink())
        elif entry.path.is_dir():
            info.type = tarfile.DIRTYPE
        else:
            return _add_file(tar, info, entry.path, advance)
    except FileNotFoundError:
        return None
    tar.addfile(info)
    return told_by(info)


def _add_file(
    tar: tarfile.TarFile, info: tarfile.TarInfo, path: Path, advance: Callable[[int], None]
) -> str:
    with path.open("rb") as source:
        # Of a log that grows, what it has now.
        info.size = os.fstat(source.fileno()).st_size
        hashing = Hashing(source, advance)
        tar.addfile(info, hashing)
    return hashing.digest


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text.encode()), 0o600
    tar.addfile(info, io.BytesIO(text.encode()))


def told_by(info: tarfile.TarInfo) -> str:
    """Return what a link, or a folder, is told by in the list."""
    return f"link {info.linkname}" if info.issym() else "folder"


class Hashing:
    """A file that is read once, by somebody else, and hashed on the way.

    Args:
        source: The file.
        advance: Is told how many bytes more were read.
    """

    def __init__(self, source: IO[bytes], advance: Callable[[int], None]) -> None:
        self._source, self._advance, self._hash = source, advance, hashlib.sha256()

    def read(self, size: int = BLOCK) -> bytes:
        """Return the next bytes."""
        block = self._source.read(size)
        self._hash.update(block)
        self._advance(len(block))
        return block

    @property
    def digest(self) -> str:
        """What the file is told by in the list."""
        return self._hash.hexdigest()


def read_about(tar: tarfile.TarFile, file: Path) -> About:
    """Return what a backup says of itself.

    Raises:
        BackupError: It is none, or another version of the platform wrote it.
    """
    try:
        first = tar.next()
        if first is None or first.name != ABOUT:
            raise no_backup(file)
        said = json.loads(_text(tar, first))
        about = About(**{**said, "parts": tuple(said["parts"])})
    except (tarfile.TarError, KeyError, ValueError, TypeError):
        raise no_backup(file) from None
    if about.format != FORMAT:
        raise BackupError(
            f"The backup {quoted(file, 200)} was made by version {quoted(about.version)}, which "
            f"writes them otherwise; restore it with that version."
        )
    return about


def read_list(tar: tarfile.TarFile) -> Mapping[str, str]:
    """Return what every part is told by.

    Raises:
        ValueError: The list is not the one that was written.
        KeyError: There is none: the file was cut.
    """
    listed = _text(tar, LIST)
    if hashlib.sha256(listed).hexdigest() != _text(tar, LIST_DIGEST).decode():
        raise ValueError(LIST)
    known: Mapping[str, str] = json.loads(listed)
    return known


def _text(tar: tarfile.TarFile, member: str | tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return b"" if file is None else file.read()


def no_backup(file: Path) -> BackupError:
    """Return the error on a file that `amazing backup` did not write."""
    return BackupError(
        f"{quoted(file, 200)} is no file that `amazing backup` wrote, or its beginning is damaged; "
        f"name another one."
    )


def damaged(file: Path, name: str) -> BackupError:
    """Return the error on a backup that is not as it was written."""
    return BackupError(
        f"The backup {quoted(file, 200)} is damaged at {quoted(name, 200)} and nothing was "
        f"restored; restore from another one."
    )
