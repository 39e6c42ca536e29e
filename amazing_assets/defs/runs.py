"""Runs from the command line: the same assets, checks and instance as in the web UI."""

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import dagster as dg

from amazing_assets.defs.leases import end_runs_of_dead_commands, lease
from amazing_assets.settings import Settings, set_for_children

_PROGRESS = "progress"


class RunFailedError(Exception):
    """A run failed; the message is the sentence to tell."""


@dataclass(frozen=True)
class Step:
    """One asset or group of assets of one run: what starts, or has ended."""

    name: str
    month: str | None
    is_over: bool


@dataclass(frozen=True)
class PlannedRun:
    """Assets that are materialised together, in one partition or in none."""

    assets: tuple[dg.AssetKey, ...]
    month: str | None


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """Return Dagster's instance of this home, made at first use."""
    prepare_home(settings)
    return dg.DagsterInstance.get()


def prepare_home(settings: Settings) -> None:
    """Make Dagster's own home at first use, and tell Dagster and its children where it is."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        shutil.copy(Path(__file__).parents[2] / "dagster.yaml", configuration)
    set_for_children(DAGSTER_HOME=str(home))


def plan(months: Sequence[str], selection: str, without: Sequence[str] = ()) -> list[PlannedRun]:
    """Return the runs that materialise a selection: months in order, what crosses them after.

    Args:
        months: The months, as `2019-10`.
        selection: Dagster's selection syntax, `*` for everything.
        without: Assets that are left out of the selection.

    Raises:
        RunFailedError: The selection is not understood, or selects nothing.
    """
    graph = _definitions().resolve_asset_graph()
    try:
        selected = dg.AssetSelection.from_string(selection)
        chosen = selected.required_multi_asset_neighbors().resolve(graph)
    except Exception as error:  # noqa: BLE001  the parser's own kinds are private
        raise RunFailedError(f"The selection {selection!r} is not understood: {error}") from None
    left_out = {dg.AssetKey(name) for name in without}
    wanted = {key for key in chosen if graph.get(key).is_materializable} - left_out
    if not wanted:
        raise RunFailedError(f"The selection {selection!r} selects no asset that can be made.")
    phases: dict[int, list[dg.AssetKey]] = {}
    levels: dict[dg.AssetKey, int] = {}
    for key in (key for level in graph.toposorted_asset_keys_by_level for key in level):
        if key in wanted:
            levels[key] = _phase(key, graph, levels)
            phases.setdefault(levels[key], []).append(key)
    return [run for phase in sorted(phases) for run in _runs(phases[phase], graph, months)]


def execute(
    runs: Sequence[PlannedRun], instance: dg.DagsterInstance, report: Callable[[Step], None]
) -> None:
    """Materialise planned runs one after the other, in this process.

    Raises:
        RunFailedError: A run failed; those after it were not begun.
    """
    job = _definitions().resolve_implicit_global_asset_job_def()
    leases = Path(instance.root_directory) / "commands"
    end_runs_of_dead_commands(instance, leases)
    with lease(leases) as tags:
        for run in runs:
            with _reporting(run.month, report):
                try:
                    job.execute_in_process(
                        instance=instance,
                        partition_key=run.month,
                        asset_selection=list(run.assets),
                        run_config={"loggers": {_PROGRESS: {}}},
                        tags=tags,
                    )
                except dg.Failure as failure:
                    raise RunFailedError(failure.description) from None


def has_champion(settings: Settings) -> bool:
    """Whether a segment model is the champion; a store that was never made holds none."""
    if not settings.has_model_store:
        return False
    from amazing_assets.segments import registry  # noqa: PLC0415  MLflow takes seconds to import

    store = registry.client(settings.mlflow_tracking_uri)
    return registry.champion_version(store) is not None


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


@cache
def _definitions() -> dg.Definitions:
    # Two seconds, which `amazing dev` has no use for.
    from amazing_assets.definitions import defs  # noqa: PLC0415

    logger = dg.LoggerDefinition(_progress_logger, {}, "Tells a program how a run proceeds.")
    return dg.Definitions.merge(defs(), dg.Definitions(loggers={_PROGRESS: logger}))


class _Reporter(logging.Handler):
    """Turns Dagster's step events into `Step`s; everything else is in the web UI."""

    month: str | None = None
    report: Callable[[Step], None] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None)
        if event is None or self.report is None or event.step_key is None:
            return
        if event.is_step_start:
            self.report(Step(event.step_key, self.month, is_over=False))
        elif event.is_step_success:
            self.report(Step(event.step_key, self.month, is_over=True))


_reporter = _Reporter()


def _progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("amazing_assets", logging.DEBUG)  # noqa: LOG001  Dagster owns its loggers
    logger.addHandler(_reporter)
    return logger


@contextmanager
def _reporting(month: str | None, report: Callable[[Step], None]) -> Iterator[None]:
    _reporter.month, _reporter.report = month, report
    try:
        yield
    finally:
        _reporter.report = None
