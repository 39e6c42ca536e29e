"""Databases as they are at one moment: copied by their own means before anything else is read."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from amazing_assets.backup.contents import WAREHOUSE, WAREHOUSE_LOG, Entry
from amazing_assets.warehouse.duckdb import connect
from amazing_assets.warehouse.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SQLITE = b"SQLite format 3\0"


def snapshot(found: Iterable[Entry], folder: Path) -> list[Entry]:
    """Return a home's entries with every database replaced by a copy of it.

    Those of SQLite first, the warehouse last: of what Dagster knows to have been made nothing is
    then missing.

    Args:
        found: The entries; folders and all other files stay what they are.
        folder: For the copies.

    Raises:
        WarehouseError: A program holds the warehouse open for writing.
    """
    listed = list(found)
    databases = [entry for entry in listed if _is_sqlite(entry.path)]
    copies = [_copied(entry, folder / str(number)) for number, entry in enumerate(databases)]
    warehouse = [entry for entry in listed if entry.name in {WAREHOUSE, WAREHOUSE_LOG}]
    replaced = {entry.name for entry in (*databases, *warehouse)}
    kept = [entry for entry in listed if entry.name not in replaced]
    return [*kept, *copies, *_of_warehouse(warehouse, folder)]


def _is_sqlite(path: Path) -> bool:
    if path.suffix != ".db" or path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _copied(entry: Entry, copy: Path) -> Entry:
    with closing(sqlite3.connect(entry.path)) as read, closing(sqlite3.connect(copy)) as written:
        read.backup(written)
    return Entry(entry.name, copy)


def _of_warehouse(found: Iterable[Entry], folder: Path) -> Iterator[Entry]:
    """Copy the file and what a killed run left in its log, while nobody can write to them."""
    known = {entry.name: entry.path for entry in found}
    if WAREHOUSE not in known:
        return
    with closing(connect(known[WAREHOUSE], Waiting(), read_only=True)):
        for name, path in known.items():
            shutil.copy2(path, folder / name)
            yield Entry(name, folder / name)
