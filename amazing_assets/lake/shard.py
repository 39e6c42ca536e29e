"""Work on one shard, as plain values: it can travel to another process, or to another machine.

An engine maps a `Query`, or what a draft makes of one, over `Shard`s. Both pickle: what a query
calls is a function of a module (or a `partial` of one), and what it reads are names of tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from amazing_assets.cadence import cadence_of
from amazing_assets.lake.sides import side_of
from amazing_assets.lake.storage import LakeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from amazing_assets.locations import Location

R = TypeVar("R")

# So many columns tell which version made a table.
_NAMED = 4


@dataclass(frozen=True)
class Shard:
    """One of the shards of a lake, that is the same customers in every table.

    Attributes:
        root: The lake's place.
        number: Which shard it is, from 0.
        promised: The columns of tables, where they are known.
    """

    root: Location
    number: int
    promised: Mapping[str, pl.Schema] = field(default_factory=dict)

    def scan(self, table: str, *keys: str) -> pl.LazyFrame:
        """Return the shard's rows in some partitions of a table.

        Raises:
            LakeError: A partition is missing.
        """
        return scan_partitions(self.root / table, keys, self.number, self.promised.get(table))


@dataclass(frozen=True)
class Query(Generic[R]):
    """What is made of a shard: a function of some of its tables.

    Attributes:
        function: Of one frame for each table.
        tables: Names of the tables.
        keys: The partitions that are read of each of them.
    """

    function: Callable[..., R]
    tables: tuple[str, ...]
    keys: tuple[str, ...]

    def __call__(self, shard: Shard) -> R:
        """Return what the function makes of a shard's tables."""
        return self.function(*(shard.scan(table, *self.keys) for table in self.tables))


def scan_partitions(
    table: Location,
    keys: tuple[str, ...],
    shard: int | None = None,
    promised: pl.Schema | None = None,
) -> pl.LazyFrame:
    """Return some partitions of a table, or one shard of them.

    Raises:
        LakeError: A partition is missing, or does not have the columns that are promised.
    """
    side = side_of(table)
    parts = dict(zip(keys, side.parts(table, keys, shard), strict=True))
    for key, part in parts.items():
        if not part.files:
            raise LakeError(
                f"The lake has no {key} of {table.name}; materialize {table.name} for {key} first."
            )
    for key, part in parts.items():
        if promised is not None and (faults := column_faults(part.columns(), promised)):
            raise LakeError(_outdated(table.name, key, faults))
    return side.scan([file for part in parts.values() for file in part.files])


def column_faults(found: Mapping[str, pl.DataType | str], promised: pl.Schema) -> list[str]:
    """Return the columns that are missing, of another type, or no longer known."""
    shared = found.keys() & promised.keys()
    others = {name for name in shared if not _is_of(promised[name], found[name])}
    return sorted((found.keys() ^ promised.keys()) | others)


def _is_of(promised: pl.DataType, found: pl.DataType | str) -> bool:
    return found == (str(promised) if isinstance(found, str) else promised)


def _outdated(table: str, key: str, faults: list[str]) -> str:
    named = ", ".join(faults[:_NAMED]) + (" and others" if len(faults) > _NAMED else "")
    month = cadence_of(key).months(key)[-1]
    return (
        f"{table} {key} was made by another version of the platform (other columns: {named}); "
        f"`amazing run --months {month}` makes it again."
    )
