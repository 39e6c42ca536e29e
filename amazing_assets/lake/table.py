"""The lake's tables: scan partitions, or draft one, audit it and publish it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pandera.polars as pa
import polars as pl

from amazing_assets.cadence import MONTHLY, Cadence, cadence_of
from amazing_assets.lake.contract import Audit, Checked, Fault, check, schema_of
from amazing_assets.lake.removal import remove
from amazing_assets.lake.revision import revised, write_rows
from amazing_assets.lake.shard import Shard, column_faults, scan_partitions
from amazing_assets.lake.sharding import (
    FEWEST_SHARDS,
    decide_shards,
    insist_on_shards,
    shards_for,
    shards_of,
)
from amazing_assets.lake.sides import Version, side_of
from amazing_assets.lake.storage import LakeError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from amazing_assets.lake.engine import Engine
    from amazing_assets.lake.revision import Rewrite
    from amazing_assets.locations import Location

R = TypeVar("R")


class Lake:
    """All tables under one root, every one cut into the same shards by customer.

    A partition whose columns are not those of the table's contract, where that is given, is not
    read: another version of the platform made it.

    Args:
        root: The lake's folder, or its place in a bucket.
        shards: How many it must have; None: as many as it has, or as its first month asks for.
        engine: Works on shards.
        contracts: Of its tables, by name.
    """

    def __init__(
        self,
        root: Location,
        shards: int | None,
        engine: Engine,
        contracts: Mapping[str, type[pa.DataFrameModel]] | None = None,
    ) -> None:
        if shards is not None:
            insist_on_shards(root, shards)
        self.root, self.engine = root, engine
        self._side = side_of(root)
        self._asked = shards
        self._promised = {name: schema_of(each) for name, each in (contracts or {}).items()}

    @property
    def shards(self) -> int:
        """Into how many shards every table is cut; the fewest while nothing has landed."""
        return shards_of(self.root) or FEWEST_SHARDS

    def expect(self, events: int) -> None:
        """Decide the number of shards before the first month, which has about so many events.

        A lake that holds anything keeps its own, and so does one whose number was asked for.
        """
        if self._asked is None:
            decide_shards(self.root, shards_for(events))

    def partitions(self, table: str, cadence: Cadence) -> tuple[str, ...]:
        """Return the partitions that a table has, oldest first."""
        return self._side.published(self.root / table, cadence)

    def months(self, table: str) -> tuple[str, ...]:
        """Return the months that a monthly table has, oldest first."""
        return self.partitions(table, MONTHLY)

    def is_current(self, table: str, key: str) -> bool:
        """Whether a partition is there and has the columns of its contract, where that is known.

        Cheap: the end of one of its files is read.
        """
        (part,) = self._side.parts(self.root / table, [key])
        promised = self._promised.get(table)
        return bool(part.files) and (
            promised is None or not column_faults(part.columns(), promised)
        )

    @property
    def promised(self) -> Mapping[str, pl.Schema]:
        """The columns of tables, where they are known."""
        return self._promised

    def scan(self, table: str, *keys: str) -> pl.LazyFrame:
        """Return whole months, or weeks, of a table.

        Raises:
            LakeError: One of them is missing, or was made by another version of the platform.
        """
        return scan_partitions(self.root / table, keys, promised=self._promised.get(table))

    def shard(self, table: str, shard: int, *keys: str) -> pl.LazyFrame:
        """Return one shard of some months, or weeks, of a table.

        Raises:
            LakeError: One of them is missing, or was made by another version of the platform.
        """
        return Shard(self.root, shard, self._promised).scan(table, *keys)

    def map(self, task: Callable[[Shard], R]) -> Iterator[R]:
        """Return what a task makes of every shard, in their order.

        Args:
            task: A `Query`, or another callable that pickles: an engine may send it elsewhere.
        """
        shards = [Shard(self.root, number, self._promised) for number in range(self.shards)]
        return self.engine.map(task, shards)

    def draft(self, table: str, key: str, contract: type[pa.DataFrameModel]) -> Draft:
        """Begin a partition of a table; readers see it once it is published."""
        decide_shards(self.root, self.shards)
        with self._side.deciding(self.root):
            return Draft(table, key, contract, self._side.begin(self.root / table, key), self)

    def revise(
        self,
        table: str,
        keys: Iterable[str],
        rewrite: Rewrite,
        shards: Collection[int] | None = None,
    ) -> dict[str, int]:
        """Take rows out of partitions, each as a whole, and out of their earlier versions.

        Args:
            table: Its name.
            keys: Of the partitions.
            rewrite: Is given the rows of a file and returns those that remain; None: all do.
            shards: Whose files are read; None: of all.

        Returns:
            Of each partition how many rows were taken out.
        """
        folder, taken = self.root / table, dict.fromkeys(keys, 0)
        for key in taken:
            number = None
            # Somebody may publish the partition meanwhile: then that one is revised.
            while number is None:
                number = revised(folder, key, rewrite, shards)
            taken[key] = number
        if any(taken.values()):
            self._side.show_again(folder)
        for key in taken:
            self._side.sweep(folder, key)
        return taken

    def remove(self, table: str, keys: Iterable[str]) -> None:
        """Delete partitions of a table, with every version there is of them."""
        remove(self.root / table, keys)


@dataclass(frozen=True)
class Fill:
    """What writes a shard of a draft, wherever it runs: the lock on the draft stays behind.

    Attributes:
        build: Makes the rows of a shard.
        contract: Which columns are written, and what rows must keep.
        version: Where the files of the draft go.
    """

    build: Callable[[Shard], pl.LazyFrame]
    contract: type[pa.DataFrameModel]
    version: Location

    def __call__(self, shard: Shard) -> Checked:
        """Write a shard and return what its audit found."""
        frame = self.build(shard).select(schema_of(self.contract).names()).collect()
        write_rows(frame, self.version, shard.number, "rows")
        return check(self.contract.to_schema(), frame)


class Draft:
    """A partition of a table in the making: filled, audited, then published or discarded."""

    def __init__(
        self,
        table: str,
        key: str,
        contract: type[pa.DataFrameModel],
        version: Version,
        lake: Lake,
    ) -> None:
        self.table, self.key, self.cadence = table, key, cadence_of(key)
        self._audit = Audit()
        self._contract, self._schema = contract, schema_of(contract)
        self._version, self._lake, self._shards = version, lake, lake.shards
        self._published = False

    def __enter__(self) -> Self:
        """Return the draft."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Delete what was written and never published."""
        if not self._published:
            self._version.discard()

    @property
    def rows(self) -> int:
        """How many rows were written so far."""
        return self._audit.rows

    def find_faults(self) -> list[Fault]:
        """Return the rules of the contract that rows written so far break."""
        return self._audit.faults()

    def fill(self, build: Callable[[Shard], pl.LazyFrame]) -> None:
        """Write every shard as a `Query` builds it, or another callable that pickles; audit it."""
        for checked in self._lake.map(Fill(build, self._contract, self._version.folder)):
            self._audit.add(checked)

    def add(self, frame: pl.DataFrame, part: str) -> None:
        """Audit rows of any customers and write them to their shards."""
        rows = frame.select(self._schema.names())
        self._audit.add(check(self._contract.to_schema(), rows))
        shard = (pl.col("user_id") % self._shards).alias("shard")
        parts = rows.with_columns(shard).partition_by("shard", include_key=False, as_dict=True)
        folder, side = self._version.folder, side_of(self._version.folder)
        side.write_all(
            {
                side.shard_folder(folder, int(number)) / f"{part}.parquet": rows_of_shard
                for (number,), rows_of_shard in parts.items()
            }
        )

    def add_whole(self, frame: pl.DataFrame, part: str = "rows") -> None:
        """Audit and write rows that are about no customer: all to the first shard."""
        rows = frame.select(self._schema.names())
        write_rows(rows, self._version.folder, 0, part)
        self._audit.add(check(self._contract.to_schema(), rows))

    def complete(self) -> None:
        """Give every shard that received nothing an empty file, so that each can be read."""
        written = {file.parent.name for file in self._written()}
        for shard in range(self._shards):
            if f"shard={shard:02d}" not in written:
                write_rows(pl.DataFrame(schema=self._schema), self._version.folder, shard, "empty")

    def scan(self) -> pl.LazyFrame:
        """Return what was written so far."""
        return side_of(self._lake.root).scan(self._written())

    def _written(self) -> Sequence[Any]:
        return side_of(self._lake.root).written(self._version.folder)

    def publish(self) -> None:
        """Make the draft the partition that readers see.

        Raises:
            LakeError: Rows of the draft break its contract.
        """
        if self.find_faults():
            raise LakeError(f"{self.table} {self.key} breaks its contract.")
        self._version.publish()
        self._published = True
