"""What has to be run for a selection, and in which order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import dagster as dg

from amazing_assets.runs.code import _definitions
from amazing_assets.runs.selection import selected


@dataclass(frozen=True)
class PlannedRun:
    """Assets that are materialised together, in one partition or in none."""

    assets: tuple[dg.AssetKey, ...]
    month: str | None


def plan(months: Sequence[str], selection: str, without: Sequence[str] = ()) -> list[PlannedRun]:
    """Return the runs that materialise a selection: months in order, what crosses them after.

    Args:
        months: The months, as `2019-10`.
        selection: As in the web UI, `*` for everything.
        without: Assets that are left out of the selection.

    Raises:
        UsageError: The selection is not understood, or selects nothing.
    """
    graph = _definitions().resolve_asset_graph()
    wanted = selected(selection, graph) - {dg.AssetKey(name) for name in without}
    phases: dict[int, list[dg.AssetKey]] = {}
    levels: dict[dg.AssetKey, int] = {}
    for key in (key for level in graph.toposorted_asset_keys_by_level for key in level):
        if key in wanted:
            levels[key] = _phase(key, graph, levels)
            phases.setdefault(levels[key], []).append(key)
    return [run for phase in sorted(phases) for run in _runs(phases[phase], graph, months)]


def steps_of(runs: Sequence[PlannedRun]) -> int:
    """Return how many steps the runs have."""
    graph = _definitions().resolve_asset_graph()
    return sum(len({graph.get(key).assets_def.op.name for key in run.assets}) for run in runs)


def _phase(key: dg.AssetKey, graph: object, levels: dict[dg.AssetKey, int]) -> int:
    """A phase ends where monthly assets meet one without months: that needs all of them."""
    node = graph.get(key)  # type: ignore[attr-defined]  # a private class
    parents = [parent for parent in node.parent_keys if parent in levels]
    return max(
        (
            levels[parent] + (graph.get(parent).is_partitioned != node.is_partitioned)  # type: ignore[attr-defined]
            for parent in parents
        ),
        default=0,
    )


def _runs(
    keys: Sequence[dg.AssetKey], graph: object, months: Sequence[str]
) -> Iterator[PlannedRun]:
    monthly = tuple(key for key in keys if graph.get(key).is_partitioned)  # type: ignore[attr-defined]
    others = tuple(key for key in keys if key not in monthly)
    if others:
        yield PlannedRun(others, None)
    if monthly:
        yield from (PlannedRun(monthly, month) for month in months)
