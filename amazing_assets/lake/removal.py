"""Partitions that are deleted, with every version there is of them, wherever the lake lies."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from amazing_assets.lake import storage
from amazing_assets.lake.sides import side_of
from amazing_assets.locations import BucketPath

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from amazing_assets.locations import Location


def remove(table: Location, keys: Iterable[str]) -> None:
    """Delete partitions of a table, and what killed processes have left of others."""
    side = side_of(table)
    if isinstance(table, BucketPath):
        # Whose lake is a folder never waits for what S3 needs.
        from amazing_assets.lake import manifest, objects  # noqa: PLC0415

        objects.delete(manifest.manifest_path(table, key) for key in keys)
    else:
        with side.deciding(table.parent):
            storage.move_to_store(table)
        for key in keys:
            _delete(storage.partition_folder(table, key))
    side.show_again(table)
    side.sweep_all(table)


def _delete(link: Path) -> None:
    # Some programs that copy a home put in place of a link what it leads to.
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    else:
        link.unlink(missing_ok=True)
