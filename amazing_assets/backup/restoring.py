"""A backup put back: every part is written beside its place, verified, and only then takes it."""

from __future__ import annotations

import os
import secrets
import shutil
import tarfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from amazing_assets.backup.archive import (
    ABOUT,
    BLOCK,
    LIST,
    LIST_DIGEST,
    About,
    Hashing,
    damaged,
    no_backup,
    read_about,
    read_list,
    told_by,
)
from amazing_assets.backup.contents import UNFINISHED, BackupError, Places, leads_out, others_of
from amazing_assets.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amazing_assets.backup.archive import Digests

_OURS = frozenset({ABOUT, LIST, LIST_DIGEST})


def restore_archive(file: Path, places: Places, advance: Callable[[int], None]) -> About:
    """Put a backup back into a home that holds nothing, and return what it says of itself.

    Args:
        file: The backup.
        places: Where the parts of the home are to lie.
        advance: Is told how many bytes more were written.

    Raises:
        BackupError: The file is damaged, or something lies where a part belongs: nothing was put
            back.
    """
    with _opened(file) as tar:
        about = read_about(tar, file)
        _refuse_remote(about, places)
        _refuse_taken(about, places)
        beside = _Beside(places)
        try:
            _unpack(tar, file, beside, advance)
            beside.move_in()
        finally:
            beside.discard()
    return about


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    if not file.is_file():
        raise BackupError(
            f"There is no file {quoted(file, 200)}; name one that `amazing backup` wrote."
        )
    try:
        tar = tarfile.open(file, "r:")  # noqa: SIM115  closed below
    except tarfile.TarError:
        raise no_backup(file) from None
    with tar:
        yield tar


def _refuse_remote(about: About, places: Places) -> None:
    found = [part for part in about.parts if part in places.remote]
    if found:
        raise BackupError(
            f"The backup holds {found[0]}, which the settings have lie on a server; unset "
            f"AMAZING_LAKE, AMAZING_WAREHOUSE and MLFLOW_TRACKING_URI to restore it."
        )


def _refuse_taken(about: About, places: Places) -> None:
    held = [str(places.home / name) for name in others_of(places.home)]
    held += [str(places.of(part)) for part in about.parts if os.path.lexists(places.of(part))]
    if held:
        raise BackupError(
            f"{quoted(held[0], 200)} is there already and a restore overwrites nothing; set "
            f"AMAZING_HOME to a new folder, or move it away."
        )


@dataclass
class _Beside:
    """Parts in the making, each beside its place and on its disk."""

    places: Places
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    parts: dict[str, Path] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        """Return where a file of the archive is written for now."""
        part, _, rest = name.partition("/")
        if part not in self.parts:
            place = self.places.of(part)
            place.parent.mkdir(parents=True, exist_ok=True)
            self.parts[part] = place.with_name(f".{place.name}.{self.token}{UNFINISHED}")
        return self.parts[part] / rest if rest else self.parts[part]

    def move_in(self) -> None:
        """Have every part take its place: renames, so that a kill between two is unlikely.

        Should it happen, the next restore names what is there already.
        """
        for part, path in self.parts.items():
            path.rename(self.places.of(part))

    def discard(self) -> None:
        """Delete what did not take its place."""
        for path in self.parts.values():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink(missing_ok=True)


def _unpack(
    tar: tarfile.TarFile, file: Path, beside: _Beside, advance: Callable[[int], None]
) -> None:
    """Write every part and hold it against the list.

    Raises:
        BackupError: One is not as it was written, or is missing.
    """
    found: Digests = {}
    name = file.name
    try:
        for info in tar:
            name = info.name
            if name not in _OURS:
                _refuse_outside(info)
                found[name] = _write(tar, info, beside.path(name), advance)
        name = LIST
        known = read_list(tar)
    except (tarfile.TarError, KeyError, ValueError, EOFError):
        raise damaged(file, name) from None
    # A symmetric difference of pairs: what is missing, what is too much, what is another.
    if wrong := sorted(known.items() ^ found.items()):
        raise damaged(file, wrong[0][0])


def _refuse_outside(info: tarfile.TarInfo) -> None:
    """Refuse names and links that lead out of the part they are in: none of ours does."""
    name = PurePosixPath(info.name)
    is_outside = info.issym() and leads_out(info.name, info.linkname)
    if is_outside or name.is_absolute() or ".." in name.parts:
        raise ValueError(info.name)


def _write(
    tar: tarfile.TarFile, info: tarfile.TarInfo, path: Path, advance: Callable[[int], None]
) -> str:
    """Write a file, a link or a folder and return what it is told by in the list."""
    if info.issym():
        path.symlink_to(info.linkname)
        return told_by(info)
    if info.isdir():
        # Open to its owner while it is filled, whatever it was.
        path.mkdir(mode=info.mode | 0o700)
        return told_by(info)
    source = tar.extractfile(info)
    if source is None:
        raise ValueError(info.name)
    hashing = Hashing(source, advance)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, info.mode)
    with os.fdopen(descriptor, "wb") as target:
        while block := hashing.read(BLOCK):
            target.write(block)
    os.utime(path, (info.mtime, info.mtime))
    return hashing.digest
