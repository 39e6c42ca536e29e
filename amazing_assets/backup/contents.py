"""What of a home goes into a backup, and under which names.

Whatever lies in the home belongs to it, so that a part that is new is not forgotten; what is left
out is named. In the archive every part has the place that it has in a plain home, wherever settings
say that it lies.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from amazing_assets.errors import PlainError, quoted
from amazing_assets.places import Server
from amazing_assets.warehouse.warehouse import copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amazing_assets.settings import Settings

LAKE, WAREHOUSE, MODELS = "lake", "warehouse.duckdb", "mlflow.db"

# What a killed run wrote and DuckDB has not yet put into the file.
WAREHOUSE_LOG = f"{WAREHOUSE}.wal"

KEY = "pseudonym.key"

# Event files hold the shop's own ids and are the shop's; a demo is a home of its own; tracebacks
# help only who mends the fault.
_LEFT_OUT = frozenset({"landing", "demo", "demo.lock", "logs"})

# Of databases, whose content goes with them.
_COMPANIONS = (".db-wal", ".db-shm", ".db-journal")

UNFINISHED = ".restoring"

_SQLITE = "sqlite:///"


class BackupError(PlainError):
    """A backup cannot be made, or not be put back; the message is the sentence to tell."""


@dataclass(frozen=True)
class Entry:
    """A file, a link or a folder of a backup.

    Attributes:
        name: In the archive, with slashes.
        path: Where it is read.
    """

    name: str
    path: Path


@dataclass(frozen=True)
class Places:
    """Where the parts of a home lie.

    Attributes:
        home: Its folder.
        named: The parts that settings may have lie elsewhere, by their names in a plain home.
        never: Paths within the home that are no part of it.
        remote: Of parts that no file of this machine holds, a sentence each, by their names.
    """

    home: Path
    named: Mapping[str, Path]
    never: frozenset[Path] = frozenset()
    remote: Mapping[str, str] = field(default_factory=dict)

    def of(self, part: str) -> Path:
        """Return where a part lies, or is to lie."""
        return self.named.get(part, self.home / part)


def places_of(settings: Settings) -> Places:
    """Return where the parts of the home of these settings lie."""
    models = settings.mlflow_tracking_uri
    warehouse = settings.warehouse
    address = warehouse.address if isinstance(warehouse, Server) else str(warehouse)
    said = {LAKE: str(settings.lake), WAREHOUSE: address}
    said[MODELS] = models.removeprefix(_SQLITE)
    remote = {part: _REMOTE[part] for part, place in said.items() if "://" in place}
    named = {part: Path(place) for part, place in said.items() if part not in remote}
    never = {Path(settings.landing)} if "://" not in settings.landing else set()
    if WAREHOUSE in named:
        named[WAREHOUSE_LOG] = Path(f"{named[WAREHOUSE]}.wal")
        never |= set(_copies(named[WAREHOUSE]))
    return Places(settings.home, named, frozenset(never), remote)


# Addresses are not repeated: passwords stand in some.
_REMOTE = {
    LAKE: "The lake lies in a bucket and is not in this file; the bucket's versioning backs it up.",
    WAREHOUSE: (
        "The warehouse is a server's and is not in this file; the server's snapshots back it up."
    ),
    MODELS: (
        "The models lie on a server of MLflow and are not in this file; back up its database and "
        "its artifacts."
    ),
}


def entries(places: Places, *, with_key: bool) -> list[Entry]:
    """Return everything that a backup of a home holds, folders before what lies in them.

    A part may be a link to another disk; within a part links are kept as links.

    Raises:
        BackupError: One of them leads out of its part.
    """
    found = [
        each for part, path in places.named.items() for each in _below(part, path.resolve(), places)
    ]
    for path in sorted(places.home.iterdir()) if places.home.is_dir() else ():
        if _belongs(path, places, with_key=with_key):
            found.extend(_below(path.name, path.resolve(), places))
    return found


def leads_out(name: str, target: str) -> bool:
    """Whether a link of this name in the archive leads out of its part."""
    place = os.path.normpath(PurePosixPath(name).parent / target)
    return place.split("/")[0] != PurePosixPath(name).parts[0]


def others_of(home: Path) -> list[str]:
    """Return what lies in a home that a restore would mix with; neither the key nor event files."""
    names = sorted(path.name for path in home.iterdir()) if home.is_dir() else []
    return [name for name in names if name not in _LEFT_OUT and not _is_key(name)]


def _belongs(path: Path, places: Places, *, with_key: bool) -> bool:
    if _is_key(path.name):
        return with_key and path.name == KEY
    return path.name not in _LEFT_OUT and path not in places.named.values()


def _is_key(name: str) -> bool:
    # Whatever else a change of the key leaves beside it.
    return name.startswith(KEY)


def _below(name: str, path: Path, places: Places) -> Iterator[Entry]:
    """Yield a file, or a folder and all of it; links are never followed."""
    if path in places.never or name.endswith((*_COMPANIONS, UNFINISHED)):
        return
    if path.is_symlink() and leads_out(name, str(path.readlink())):
        raise BackupError(
            f"The link {quoted(path, 200)} leads out of its folder and a backup would not hold "
            f"what it leads to; put that in its place."
        )
    if path.is_symlink() or path.is_file():
        yield Entry(name, path)
    elif path.is_dir():
        yield Entry(name, path)
        for child in sorted(path.iterdir()):
            if child not in places.named.values():
                yield from _below(f"{name}/{child.name}", child, places)


def _copies(warehouse: Path) -> Iterator[Path]:
    """Yield the copy of a warehouse for readers and what lies hidden beside it: made anew."""
    copy = copy_of(warehouse)
    yield from (copy, copy.with_name(f"{copy.name}.wal"))
    yield from warehouse.parent.glob(f".{copy.name}.*")
