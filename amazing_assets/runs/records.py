"""What was made and of what: asked of the event log, the landed files and the places of tables.

What the event log says was made and is no longer there counts as never made.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import dagster as dg

from amazing_assets.cadence import cadence_of
from amazing_assets.customers.calendar import read_calendar
from amazing_assets.customers.columns import feature_version
from amazing_assets.customers.snapshot import version_of_features
from amazing_assets.customers.view.view import view_version
from amazing_assets.defs.dagster_private import latest_storage_ids
from amazing_assets.defs.partitions import PARTITIONS
from amazing_assets.defs.resources.stores import open_lake, written_tables
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets.defs.triggers.provenance import files_signature, stale_partitions
from amazing_assets.lake.engine import map_ahead
from amazing_assets.lake.sides import side_of
from amazing_assets.runs.stale import READ_FROM_FILES, Cell, Records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from amazing_assets.cadence import Cadence
    from amazing_assets.defs.dagster_private import AssetGraph
    from amazing_assets.lake.table import Lake
    from amazing_assets.settings import Settings

# Assets that write down what they were made of.
_RECORDING = {"user_features": SUMMARIES}

# Partitions that are looked into at a time.
_AT_A_TIME = 8


def records_of(
    settings: Settings,
    graph: AssetGraph,
    instance: dg.DagsterInstance,
    signatures: Mapping[Cell, str],
) -> Records:
    """Return what is known of what was made; a segment model is taken to be in use.

    Args:
        settings: Where tables are.
        graph: All assets.
        instance: Where materializations are recorded.
        signatures: Of the files that have landed, by the cell that is read from them.
    """
    numbers = {
        cell: number
        for asset in graph.materializable_asset_keys
        for cell, number in _numbers(asset, graph, instance).items()
    }
    is_there = _places(settings, graph)
    there = {cell: number for cell, number in numbers.items() if is_there(cell)}
    changed = {
        cell
        for cell, signature in signatures.items()
        if cell not in there or files_signature(instance, cell.asset, str(cell.key)) != signature
    }
    outdated = {
        Cell(asset, key)
        for asset, inputs in _RECORDING.items()
        for key in stale_partitions(instance, asset, inputs)
    }
    return Records(there, frozenset(changed), frozenset(outdated), _earlier(settings, there))


def _earlier(settings: Settings, there: Iterable[Cell]) -> frozenset[Cell]:
    """Return the partitions of the lake whose columns or definitions are not those of today."""
    held = [cell for cell in there if cell.key is not None and cell.asset in LAKE]
    if not held:
        # To open a lake is to begin one where there is none.
        return frozenset()
    calendar = read_calendar(settings.calendar).of(settings.market)
    versions = {
        "user_features": feature_version(settings.time_zone),
        "customer_view": view_version(settings.time_zone, calendar),
    }
    # In a bucket each of them is a request.
    of_today = map_ahead(partial(_is_of_today, open_lake(settings), versions), held, _AT_A_TIME)
    return frozenset(cell for cell, known in zip(held, of_today, strict=True) if not known)


def _is_of_today(lake: Lake, versions: Mapping[str, str], cell: Cell) -> bool:
    """Whether a partition has the columns, and features the definitions, of today."""
    if cell.key is None or not lake.is_current(cell.asset, cell.key):
        return False
    if cell.asset not in versions:
        return True
    return version_of_features(lake, cell.asset, cell.key) in {None, versions[cell.asset]}


def months_read(records: Records) -> set[str]:
    """Return the months whose files were read, whether they still lie there or not."""
    return {cell.key for cell in records.numbers if cell.asset == READ_FROM_FILES and cell.key}


def steps_of_months(
    graph: AssetGraph,
    wanted: AbstractSet[dg.AssetKey],
    months: Sequence[str],
    there: AbstractSet[str],
) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells of some months that are made together, none before what it is made of.

    Args:
        graph: All assets.
        wanted: Those to make.
        months: The months; of weekly assets the weeks whose last day lies in them.
        there: All months that there are: a week is made of whole ones.
    """
    seen: set[dg.AssetKey] = set()
    for key in graph.toposorted_asset_keys:
        if key not in wanted or key in seen:
            continue
        together = sorted(
            each for each in wanted if each in graph.get(key).execution_set_entity_keys
        )
        seen.update(together)
        for partition in _keys(graph, key, months, there):
            yield tuple(Cell(each.to_user_string(), partition) for each in together)


def inputs_in(graph: AssetGraph, known: AbstractSet[Cell]) -> Callable[[Cell], tuple[Cell, ...]]:
    """Return what tells what a cell is made of.

    What has no partition is made of all that are known of its inputs, and is itself no input of
    what has one.
    """

    @cache
    def inputs(cell: Cell) -> tuple[Cell, ...]:
        child = dg.AssetKey(cell.asset)
        parents = [key for key in graph.get(child).parent_keys if graph.get(key).is_materializable]
        return tuple(each for key in sorted(parents) for each in _inputs(cell, key))

    def _inputs(cell: Cell, parent: dg.AssetKey) -> Iterator[Cell]:
        name, is_partitioned = parent.to_user_string(), graph.get(parent).is_partitioned
        if cell.key is None:
            yield from (each for each in known if each.asset == name)
        elif is_partitioned:
            mapped = graph.get_parent_partition_keys_for_child(
                cell.key, parent, dg.AssetKey(cell.asset)
            )
            keys = mapped.partitions_subset.get_partition_keys()
            yield from (Cell(name, key) for key in sorted(keys))

    return inputs


def _numbers(key: dg.AssetKey, graph: AssetGraph, instance: dg.DagsterInstance) -> dict[Cell, int]:
    name = key.to_user_string()
    if graph.get(key).is_partitioned:
        numbers = latest_storage_ids(instance, name)
        return {Cell(name, partition): number for partition, number in numbers.items()}
    known = instance.get_asset_records([key])
    number = known[0].asset_entry.last_materialization_storage_id if known else None
    return {} if number is None else {Cell(name, None): number}


def _places(settings: Settings, graph: AssetGraph) -> Callable[[Cell], bool]:
    """Return what tells whether a table still is where it was written.

    A lake or a warehouse that somebody deleted begins anew.
    """

    @cache
    def in_lake(asset: str, cadence: Cadence) -> tuple[str, ...]:
        return side_of(settings.lake).published(settings.lake / asset, cadence)

    @cache
    def in_warehouse() -> AbstractSet[str]:
        return written_tables(settings.warehouse)

    def is_there(cell: Cell) -> bool:
        kinds = graph.get(dg.AssetKey(cell.asset)).kinds
        if "parquet" in kinds and cell.key is not None:
            return cell.key in in_lake(cell.asset, cadence_of(cell.key))
        if cell.asset in WAREHOUSE:
            return cell.asset in in_warehouse()
        return settings.has_model_store if "mlflow" in kinds else True

    return is_there


def _keys(
    graph: AssetGraph, key: dg.AssetKey, months: Sequence[str], there: AbstractSet[str]
) -> list[str | None]:
    partitions = graph.get(key).partitions_def
    if partitions is None:
        return [None]
    (cadence,) = (each for each, known in PARTITIONS.items() if known == partitions)
    complete = [each for month in months for each in cadence.complete_with(month)]
    return [
        each
        for each in complete
        if partitions.has_partition_key(each) and set(cadence.months(each)) <= there
    ]
