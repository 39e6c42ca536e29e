"""Views over the lake's tables: nothing is copied, and a new month is seen at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.cadence import MONTHLY, WEEKLY, Cadence
from amazing_assets.delivery.readable.contracts import empty_columns
from amazing_assets.delivery.readable.names import add_names
from amazing_assets.lake.sides import side_of
from amazing_assets.places import SCHEMA
from amazing_assets.warehouse.described import (
    about,
    comments,
    descriptions,
    identifier,
    literal,
    qualified,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandera.polars as pa

    from amazing_assets.delivery.readable.contracts import Contracts
    from amazing_assets.lake.table import Lake

# What a folder's name says of its partition, as the warehouse says it: its first day.
_FIRST_DAY = {MONTHLY: "(month || '-01')::date", WEEKLY: "week::date"}

_SAID = {
    MONTHLY: "First day of the month. Never null.",
    WEEKLY: "Tuesday on which the week begins. Never null.",
}


def lake_view(table: str, lake: Lake, contracts: Contracts) -> Iterator[str]:
    """Yield the statements that make a view over a table of the lake, and describe it.

    A table of which there is nothing yet is a view of no rows: who asks for it learns its columns.
    """
    contract = contracts.lake[table]
    cadence = WEEKLY if table in contracts.weekly else MONTHLY
    described = descriptions(contract)
    described = {cadence.name: _SAID[cadence], **described}
    read = add_names(_select(table, contract, lake, cadence), described)
    yield f"create or replace view {SCHEMA}.{identifier(table)} as {read.query}"
    yield from comments("view", qualified(table), about(contract), described | read.columns)


def _select(table: str, contract: type[pa.DataFrameModel], lake: Lake, cadence: Cadence) -> str:
    files = _files(table, lake, cadence)
    others = [name for name in descriptions(contract) if name != cadence.name]
    if not files:
        none = empty_columns(contract)
        day = "" if cadence.name in descriptions(contract) else f"null::date as {cadence.name}, "
        return f"select {day}{none} where false"
    columns = ", ".join(map(identifier, others))
    return (
        f"select {_FIRST_DAY[cadence]} as {cadence.name}, {columns} "  # noqa: S608  our own names
        f"from read_parquet([{', '.join(map(literal, files))}], hive_partitioning = true, "
        f"hive_types = {{'{cadence.name}': varchar, 'shard': varchar}})"
    )


def _files(table: str, lake: Lake, cadence: Cadence) -> list[str]:
    """Return patterns of the files of a table, those of an earlier version left out."""
    keys = lake.partitions(table, cadence)
    current = [key for key in keys if _is_current(lake, table, key)]
    folders = [f"{cadence.name}=*"] if len(current) == len(keys) else map(cadence.folder, current)
    return [f"{lake.root}/{table}/{folder}/*/*.parquet" for folder in folders if current]


# Versions of partitions that have the columns of their contract: a version never changes, and
# whoever runs weeks asks of all that there are at the end of each.
_known: set[str] = set()


def _is_current(lake: Lake, table: str, key: str) -> bool:
    version = side_of(lake.root).version_of(lake.root / table, key)
    if version in _known:
        return True
    if not lake.is_current(table, key):
        return False
    _known.add(version)
    return True
