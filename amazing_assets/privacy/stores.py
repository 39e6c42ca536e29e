"""Everything in which a customer may be, taken together: found, taken out, and counted again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from amazing_assets.lake.left_out import mark_key
from amazing_assets.privacy import files, tables, warehouse
from amazing_assets.privacy.people import People
from amazing_assets.privacy.server import ServerTables
from amazing_assets.warehouse.warehouse import copy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import polars as pl

    from amazing_assets.lake.table import Lake
    from amazing_assets.privacy.databases import Naming
    from amazing_assets.privacy.rotation.renaming import Renaming


class Kept(Protocol):
    """What a library keeps on a server: a history of runs, models."""

    @property
    def name(self) -> str:
        """What a sentence calls it."""

    def count(self, people: Naming) -> int:
        """Return how often it names some customers."""

    def take_out(self, people: Naming) -> int:
        """Mask some customers; return how often they were named."""


def _nothing() -> None:
    """Leave the copy as it is, where there is none."""


@dataclass(frozen=True)
class Stores:
    """Where a home keeps what it knows of customers.

    Attributes:
        home: Its folder: lists, reports, views, logs, models, the history of runs.
        lake: The tables cut by customer.
        warehouse: The DuckDB file, or the server, of the tables that people query.
        lists: Folder, or `s3://bucket/prefix`, of lists for campaigns.
        not_ours: Folders that are left alone: where files land, and requests.
        refresh: Makes the copy of the warehouse anew.
        histories: What libraries keep of runs and models on servers.
        prefixes: Where else in buckets files may name somebody: logs of runs, what is staged.
        beside: Files that may lie outside of the home: the database of the models.
    """

    home: Path
    lake: Lake
    warehouse: Path | ServerTables
    lists: str
    not_ours: tuple[Path, ...] = ()
    refresh: Callable[[], None] = _nothing
    histories: tuple[Kept, ...] = ()
    prefixes: tuple[str, ...] = ()
    beside: tuple[Path, ...] = ()

    @property
    def databases(self) -> dict[str, Path]:
        """The file of the warehouse and the copy that everybody reads; none on a server."""
        if isinstance(self.warehouse, ServerTables):
            return {}
        return {"warehouse": self.warehouse, "its copy": copy_of(self.warehouse)}

    def people(self, ids: Iterable[int], key: str, sessions: Iterable[str] = ()) -> People:
        """Return customers under all names by which they may be known here."""
        return People(tuple(ids), key, mark_key(self.lake.root, key), frozenset(sessions))

    def take_out_of_files(self, people: People) -> int:
        """Take some customers out of every file that is no table of ours; return how often."""
        number = sum(files.take_out(file, people) for file in self._files())
        number += sum(each.take_out(people) for each in self.histories)
        return number + sum(files.take_out_of_bucket(each, people) for each in self._prefixes)

    def take_out_of_lists(self, people: People) -> int:
        """Take some customers out of lists, audiences and views; return in how many rows."""
        lists = (file for file in self._files() if file.suffix in files.TABLES)
        number = sum(files.take_out(file, people) for file in lists)
        if self._is_bucket:
            number += files.take_out_of_bucket(self.lists, people)
        return number

    def rename_in_files(self, renaming: Renaming) -> int:
        """Have customers be called otherwise in every file that is no table of ours."""
        number = sum(files.rename(file, renaming) for file in self._files())
        number += sum(each.take_out(renaming) for each in self.histories)
        return number + sum(files.rename_in_bucket(each, renaming) for each in self._prefixes)

    def rows_of_lists(self, people: People) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield the rows about some customers of lists, audiences and views, by their place."""
        for file in self._files():
            if file.suffix in files.TABLES:
                yield from files.rows_in(str(file), file.read_bytes(), people)
        if self._is_bucket:
            yield from files.rows_in_bucket(self.lists, people)

    def left(self, people: People) -> dict[str, int]:
        """Return what is still there of some customers, by where it is; nothing is the proof."""
        found = tables.left(self.lake, people)
        places: dict[str, Path | ServerTables] = {"warehouse": self.warehouse, **self.databases}
        for name, database in places.items():
            for table, number in warehouse.count(database, people).items():
                found[f"{name}, {table}"] = number
        for file in self._files():
            if number := files.count(file, people):
                found[str(file)] = number
        for each in self.histories:
            if number := each.count(people):
                found[f"history of {each.name}"] = number
        for prefix in self._prefixes:
            if number := files.count_in_bucket(prefix, people):
                found[prefix] = number
        return found

    @property
    def _prefixes(self) -> tuple[str, ...]:
        return (self.lists, *self.prefixes) if self._is_bucket else self.prefixes

    @property
    def _is_bucket(self) -> bool:
        return self.lists.startswith("s3://")

    def _files(self) -> Iterator[Path]:
        databases = tuple(self.databases.values())
        logs = tuple(each.with_name(f"{each.name}.wal") for each in databases)
        # The ledger and the list of the erased name nobody; the open request goes with the proof.
        ours = (self.home / "privacy", self.home / "pseudonym.key")
        lake = (self.lake.root,) if isinstance(self.lake.root, Path) else ()
        # A home of its own, of invented customers.
        demo = self.home / "demo"
        but = (*databases, *logs, *ours, *lake, *self.not_ours, demo)
        folders = [self.home]
        if not self._is_bucket and not Path(self.lists).is_relative_to(self.home):
            folders.append(Path(self.lists))
        for folder in folders:
            yield from files.files_below(folder, but=but)
        yield from (file for file in self.beside if not file.is_relative_to(self.home))
