"""Runs from the command line: the same assets, checks and instance as in the web UI."""

from collections.abc import Callable, Sequence
from pathlib import Path

import dagster as dg

from amazing_assets.models.store import ModelStore
from amazing_assets.models.versions import registered
from amazing_assets.runs.code import PROGRESS, Step, loaded_definitions, reporting
from amazing_assets.runs.instance import RunFailedError
from amazing_assets.runs.leases import end_runs_of_dead_commands, lease
from amazing_assets.runs.plan import PlannedRun
from amazing_assets.segments.registered import ALERT, SEGMENT_MODEL, WANT_OF_CUSTOMERS
from amazing_assets.settings import Settings


def execute(
    runs: Sequence[PlannedRun], instance: dg.DagsterInstance, report: Callable[[Step], None]
) -> None:
    """Materialise planned runs one after the other, in this process.

    Raises:
        RunFailedError: A run failed; those after it were not begun.
    """
    job = loaded_definitions().resolve_implicit_global_asset_job_def()
    leases = Path(instance.root_directory) / "commands"
    end_runs_of_dead_commands(instance, leases)
    with lease(leases) as tags:
        for run in runs:
            with reporting(run.partition, report):
                try:
                    job.execute_in_process(
                        instance=instance,
                        partition_key=run.partition,
                        asset_selection=list(run.assets),
                        run_config={"loggers": {PROGRESS: {}}},
                        tags=tags,
                    )
                except dg.Failure as failure:
                    raise RunFailedError(failure.description) from None


def has_champion(settings: Settings) -> bool:
    """Whether a segment model is the champion that need not be trained again.

    A store that was never made holds none, and what was made for want of customers gives way once
    there are more.
    """
    if not settings.has_model_store:
        return False
    store = ModelStore(settings.mlflow_tracking_uri, settings.artifacts.as_uri(), SEGMENT_MODEL)
    version = store.champion()
    return version is not None and (
        registered(version, store).tags.get(ALERT) not in WANT_OF_CUSTOMERS
    )
