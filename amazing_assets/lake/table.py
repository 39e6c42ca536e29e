"""The lake's tables: scan a month, or draft one, audit it and publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pandera.polars as pa
import polars as pl

from amazing_assets.lake import storage
from amazing_assets.lake.contract import Audit, Checked, Fault, check, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from amazing_assets.lake.engine import Engine

# The fastest codec level: 33 MB against 52 with lz4 and the same seconds for 2 million events.
_COMPRESSION_LEVEL = 1


class Lake:
    """All tables under one root, every one cut into the same shards by customer."""

    def __init__(self, root: Path, shards: int, engine: Engine) -> None:
        storage.remember_shards(root, shards)
        self.root, self.shards, self.engine = root, shards, engine

    def months(self, table: str) -> tuple[str, ...]:
        """Return the months that a table has, oldest first."""
        return storage.published_months(self.root / table)

    def scan(self, table: str, *months: str) -> pl.LazyFrame:
        """Return whole months of a table.

        Raises:
            LakeError: A month is missing.
        """
        return _scan([f for m in months for f in self._files(table, m)])

    def shard(self, table: str, shard: int, *months: str) -> pl.LazyFrame:
        """Return one shard of some months of a table.

        Raises:
            LakeError: A month is missing.
        """
        return _scan([f for m in months for f in self._files(table, m, shard)])

    def draft(self, table: str, month: str, contract: type[pa.DataFrameModel]) -> Draft:
        """Begin a month of a table; readers see it once it is published."""
        storage.sweep(self.root / table, month)
        version = storage.Version(self.root / table, month)
        return Draft(table, month, contract, version, self)

    def _files(self, table: str, month: str, shard: int | None = None) -> list[Path]:
        folder = self.root / table
        if shard is None:
            files = storage.month_files(folder, month)
        else:
            files = storage.shard_files(folder, month, shard)
        if not files:
            raise storage.LakeError(
                f"The lake has no {month} of {table}; materialize {table} for {month} first."
            )
        return files


def _scan(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_parquet(files, hive_partitioning=False)


class Draft:
    """A month of a table in the making: filled, audited, then published or discarded."""

    def __init__(
        self,
        table: str,
        month: str,
        contract: type[pa.DataFrameModel],
        version: storage.Version,
        lake: Lake,
    ) -> None:
        self.table, self.month = table, month
        self._audit = Audit(contract)
        self._contract, self._schema = contract.to_schema(), schema_of(contract)
        self._version, self._lake = version, lake
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

    @property
    def faults(self) -> list[Fault]:
        """The rules of the contract that rows written so far break."""
        return self._audit.faults()

    def fill(self, build: Callable[[int], pl.LazyFrame]) -> None:
        """Write every shard as a function of its number builds it, and audit it."""

        def task(shard: int) -> Checked:
            return self._write(shard, "rows", build(shard).select(self._schema.names()).collect())

        for checked in self._lake.engine.map(task, range(self._lake.shards)):
            self._audit.add(checked)

    def add(self, frame: pl.DataFrame, part: str) -> None:
        """Audit rows of any customers and write them to their shards."""
        rows = frame.select(self._schema.names())
        self._audit.add(check(self._contract, rows))
        shard = (pl.col("user_id") % self._lake.shards).alias("shard")
        parts = rows.with_columns(shard).partition_by("shard", include_key=False, as_dict=True)
        for (number,), rows_of_shard in parts.items():
            self._save(int(number), part, rows_of_shard)

    def add_whole(self, frame: pl.DataFrame, part: str = "rows") -> None:
        """Audit and write rows that are about no customer: all to the first shard."""
        self._audit.add(self._write(0, part, frame.select(self._schema.names())))

    def complete(self) -> None:
        """Give every shard that received nothing an empty file, so that each can be read."""
        for shard in range(self._lake.shards):
            if not any(self._version.shard(shard).iterdir()):
                self._save(shard, "empty", pl.DataFrame(schema=self._schema))

    def scan(self) -> pl.LazyFrame:
        """Return what was written so far."""
        return _scan(sorted(self._version.folder.glob("shard=*/*.parquet")))

    def publish(self) -> None:
        """Make the draft the month that readers see.

        Raises:
            LakeError: Rows of the draft break its contract.
        """
        if self.faults:
            raise storage.LakeError(f"{self.table} {self.month} breaks its contract.")
        self._version.publish()
        self._published = True

    def _write(self, shard: int, part: str, frame: pl.DataFrame) -> Checked:
        self._save(shard, part, frame)
        return check(self._contract, frame)

    def _save(self, shard: int, part: str, frame: pl.DataFrame) -> None:
        file = self._version.shard(shard) / f"{part}.parquet"
        # Statistics would only help to skip files, and the shard already says which to read.
        frame.write_parquet(
            file, compression="zstd", compression_level=_COMPRESSION_LEVEL, statistics=False
        )
