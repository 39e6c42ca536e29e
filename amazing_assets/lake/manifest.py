"""The manifest of a partition in a bucket: which files it has, and where it and they lie."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.cadence import cadence_of
from amazing_assets.lake import objects
from amazing_assets.lake.storage import STORE, LakeError

if TYPE_CHECKING:
    from amazing_assets.locations import BucketPath

# Without a dot: SeaweedFS keeps `.versions` for itself, and lists nothing below it.
_VERSIONS = "versions"


@dataclass(frozen=True)
class Manifest:
    """The files of a partition, by their paths within the store of the table.

    Attributes:
        version: Of this partition, another one whenever it is made again.
        files: Path and size of each file.
        columns: Name and type of each column.
        before: The files of the manifest before, which somebody may still be reading.
    """

    version: str
    files: dict[str, int]
    columns: dict[str, str]
    before: tuple[str, ...] = field(default=())

    def readable(self, *, spares_readers: bool) -> frozenset[str]:
        """Return the files that somebody may read, those of the manifest before if they count."""
        return frozenset((*self.files, *self.before)) if spares_readers else frozenset(self.files)

    def text(self) -> bytes:
        """Return it as the JSON that is stored."""
        return json.dumps(self.__dict__, indent=1).encode()

    @classmethod
    def of(cls, text: bytes) -> Manifest:
        """Return what was stored."""
        known = json.loads(text)
        return cls(known["version"], known["files"], known["columns"], tuple(known["before"]))


class Current(NamedTuple):
    """The manifest that readers follow, and what tells it from the one before."""

    manifest: Manifest
    tag: str


def read_manifest(table: BucketPath, key: str) -> Current | None:
    """Return the manifest of a partition; None if nothing of it is published."""
    found = objects.read(manifest_path(table, key))
    return Current(Manifest.of(found.data), found.tag) if found else None


def switch(table: BucketPath, key: str, new: Manifest, current: Current | None) -> bool:
    """Have readers follow another manifest; False if the current one was replaced meanwhile."""
    path = manifest_path(table, key)
    if current is None:
        return objects.create(path, new.text()) is not None
    return objects.replace(path, new.text(), current.tag) is not None


def store_of(table: BucketPath) -> BucketPath:
    """Return where the manifests and versions of a table lie."""
    return table.parent / STORE / table.name


def versions_of(table: BucketPath, key: str) -> BucketPath:
    """Return where the versions of a partition lie."""
    return all_versions_of(table) / _named(table, key)


def all_versions_of(table: BucketPath) -> BucketPath:
    """Return where the versions of all partitions of a table lie."""
    return store_of(table) / _VERSIONS


def manifest_path(table: BucketPath, key: str) -> BucketPath:
    """Return where the manifest of a partition lies.

    Raises:
        LakeError: The key is that of no partition.
    """
    return store_of(table) / f"{_named(table, key)}.json"


def _named(table: BucketPath, key: str) -> str:
    try:
        return cadence_of(key).folder(key)
    except ValueError as error:
        raise LakeError(f"There is no such partition of {table.name}: {error}") from None
