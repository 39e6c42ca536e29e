"""What has to be run for a selection, and in which order.

Months are what a person asks for, as files land by the month. A weekly asset is made in the weeks
that are complete with a month, those whose last day lies in it: a week that only begins there
still waits for the files of the next.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import dagster as dg

from amazing_assets.cadence import WEEKLY, Cadence
from amazing_assets.defs.dagster_private import AssetGraph
from amazing_assets.defs.partitions import PARTITIONS
from amazing_assets.runs.code import loaded_definitions
from amazing_assets.runs.selection import selected
from amazing_assets.runs.stale import Cell


@dataclass(frozen=True)
class PlannedRun:
    """Assets that are materialised together, in one partition or in none.

    Attributes:
        assets: Their keys.
        partition: The month or week.
        config: By asset what is not as its configuration recommends.
    """

    assets: tuple[dg.AssetKey, ...]
    partition: str | None
    config: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def configured(self, config: Mapping[str, Mapping[str, int]]) -> "PlannedRun":
        """Return the run with configuration for those of its assets that are named."""
        names = {key.to_user_string() for key in self.assets}
        own = {name: values for name, values in config.items() if name in names}
        return replace(self, config=own)


def plan(months: Sequence[str], selection: str, without: Sequence[str] = ()) -> list[PlannedRun]:
    """Return the runs that materialise a selection: months in order, what crosses them after.

    Args:
        months: The months, as `2019-10`; of weekly assets the weeks whose last day lies in them.
        selection: As in the web UI, `*` for everything.
        without: Assets that are left out of the selection.

    Raises:
        UsageError: The selection is not understood, or selects nothing.
    """
    graph = loaded_definitions().resolve_asset_graph()
    wanted = selected(selection, graph) - {dg.AssetKey(name) for name in without}
    return plan_runs(graph, wanted, months)


def plan_runs(
    graph: AssetGraph, wanted: AbstractSet[dg.AssetKey], months: Sequence[str]
) -> list[PlannedRun]:
    """Return the runs that make some assets of a graph."""
    return [run for phase in _phases(graph, wanted) for run in _runs(phase, graph, months)]


def only_newest_weeks(
    runs: Sequence[PlannedRun], number: int, always: AbstractSet[str]
) -> list[PlannedRun]:
    """Return the runs without those of earlier weeks.

    Args:
        runs: In their order, which stays.
        number: How many weeks are kept whole.
        always: Assets that are made in the earlier ones too.
    """
    weeks = sorted(
        {run.partition for run in runs if run.partition and WEEKLY.is_key(run.partition)}
    )
    earlier = set(weeks[:-number])
    kept = [
        replace(run, assets=tuple(a for a in run.assets if a.to_user_string() in always))
        if run.partition in earlier
        else run
        for run in runs
    ]
    return [run for run in kept if run.assets]


def plan_new(cells: Iterable[Cell]) -> list[PlannedRun]:
    """Return the runs that make just these partitions of assets."""
    return plan_cells(loaded_definitions().resolve_asset_graph(), cells)


def plan_cells(graph: AssetGraph, cells: Iterable[Cell]) -> list[PlannedRun]:
    """Return the runs that make just these partitions of assets, in the same order."""
    wanted: dict[dg.AssetKey, set[str | None]] = {}
    for cell in cells:
        wanted.setdefault(dg.AssetKey(cell.asset), set()).add(cell.key)
    return [
        PlannedRun(tuple(key for key in phase if partition in wanted[key]), partition)
        for phase in _phases(graph, wanted.keys())
        # Of two cadences neither needs the other within a phase.
        for partition in sorted({each for key in phase for each in wanted[key]}, key=str)
    ]


def steps_of(runs: Sequence[PlannedRun]) -> int:
    """Return how many steps the runs have."""
    graph = loaded_definitions().resolve_asset_graph()
    return sum(len({graph.get(key).assets_def.op.name for key in run.assets}) for run in runs)


def _phases(graph: AssetGraph, wanted: AbstractSet[dg.AssetKey]) -> list[list[dg.AssetKey]]:
    """Assets that can be made partition by partition, none before what it is made of."""
    phases: dict[int, list[dg.AssetKey]] = {}
    levels: dict[dg.AssetKey, int] = {}
    for key in (key for level in graph.toposorted_asset_keys_by_level for key in level):
        if key in wanted:
            levels[key] = _phase(key, graph, levels)
            phases.setdefault(levels[key], []).append(key)
    return [phases[number] for number in sorted(phases)]


def _phase(key: dg.AssetKey, graph: AssetGraph, levels: dict[dg.AssetKey, int]) -> int:
    """A phase ends where assets meet one of another cadence: that needs all that came before."""
    own = graph.get(key).partitions_def
    parents = [parent for parent in graph.get(key).parent_keys if parent in levels]
    return max(
        (levels[parent] + (graph.get(parent).partitions_def != own) for parent in parents),
        default=0,
    )


def _runs(
    keys: Sequence[dg.AssetKey], graph: AssetGraph, months: Sequence[str]
) -> Iterator[PlannedRun]:
    """The runs of a phase: within it no asset needs one of another cadence."""
    if whole := tuple(key for key in keys if graph.get(key).partitions_def is None):
        yield PlannedRun(whole, None)
    for cadence, partitions in PARTITIONS.items():
        made = tuple(key for key in keys if graph.get(key).partitions_def == partitions)
        if made:
            yield from (PlannedRun(made, key) for key in _keys(cadence, months))


def _keys(cadence: Cadence, months: Sequence[str]) -> list[str]:
    complete = [key for month in months for key in cadence.complete_with(month)]
    # Weeks before the first and those that are not over yet were not asked for by name. A month
    # was: of one that does not exist the run says so.
    known = PARTITIONS[cadence].has_partition_key
    return [key for key in complete if key in months or known(key)]
