"""Runs from the command line: the same assets, checks and instance as in the web UI."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import TextIO
from uuid import uuid4

import dagster as dg

from amazing_assets.defs.resources.readable import one_copy
from amazing_assets.defs.triggers.asked import CHOSEN
from amazing_assets.errors import is_stop
from amazing_assets.models.store import ModelStore, RegisteredModel
from amazing_assets.models.versions import registered
from amazing_assets.next_actions.registered import NEXT_ACTION_MODEL, TOO_FEW
from amazing_assets.runs.code import PROGRESS, Step, loaded_definitions, reporting
from amazing_assets.runs.instance import RunFailedError
from amazing_assets.runs.leases import end_runs_of_dead_commands, lease, leases_of
from amazing_assets.runs.plan import PlannedRun
from amazing_assets.runs.stale import FORETELLS, TRAINED
from amazing_assets.segments.registered import ALERT, SEGMENT_MODEL, WANT_OF_CUSTOMERS
from amazing_assets.settings import Settings, load_settings


def execute(
    runs: Sequence[PlannedRun], instance: dg.DagsterInstance, report: Callable[[Step], None]
) -> None:
    """Materialise planned runs one after the other, in this process.

    Raises:
        RunFailedError: A run failed; those after it were not begun.
    """
    job = loaded_definitions().resolve_implicit_global_asset_job_def()
    leases = leases_of(load_settings())
    end_runs_of_dead_commands(instance, leases)
    chosen = ",".join(sorted({key.to_user_string() for run in runs for key in run.assets}))
    with lease(leases) as tags, one_copy(_warn):
        for run in runs:
            run_id = str(uuid4())
            with reporting(run.partition, report), _unheard():
                try:
                    job.execute_in_process(
                        instance=instance,
                        partition_key=run.partition,
                        asset_selection=list(run.assets),
                        run_config={
                            "loggers": {PROGRESS: {}},
                            "ops": {name: {"config": each} for name, each in run.config.items()},
                        },
                        run_id=run_id,
                        tags={**tags, CHOSEN: chosen},
                    )
                except dg.Failure as failure:
                    raise RunFailedError(failure.description) from None
                except dg.DagsterError as error:
                    # Of a step that failed as often as it may, it has lost the sentence.
                    if sentence := _failure(instance, run_id):
                        raise RunFailedError(sentence) from error
                    raise
                except BaseException as error:
                    if is_stop(error):
                        _cancel(instance, run_id)
                    raise


def _warn(sentence: str) -> None:
    sys.stderr.write(f"amazing: {sentence}\n")


def _cancel(instance: dg.DagsterInstance, run_id: str) -> None:
    """Have a run that a person stopped be canceled; Dagster calls it failed, and alerts follow."""
    run = instance.get_run_by_id(run_id)
    if run is not None:
        instance.report_run_canceled(run, "Stopped by Ctrl-C.")


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep what Dagster and libraries print apart from what the command does.

    Dagster has the streams of Python write into files of its own; on a full disk it never gives
    them back, and the command would be struck dumb.
    """
    with ExitStack() as streams:
        for redirect in (redirect_stdout, redirect_stderr):
            apart = open(os.dup(2), "w", errors="backslashreplace")  # noqa: PTH123, SIM115  a descriptor
            streams.callback(_close, apart)
            streams.enter_context(redirect(apart))
        yield


def _close(stream: TextIO) -> None:
    with suppress(OSError):
        stream.close()


def _failure(instance: dg.DagsterInstance, run_id: str) -> str | None:
    """Return the sentence with which a step of a run failed; None: none did, or with none."""
    failed = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    data = [event.get_dagster_event().step_failure_data.user_failure_data for event in failed]
    return next((each.description for each in data if each and each.description), None)


def models_that_last(settings: Settings) -> tuple[str, ...]:
    """Return the assets that train a model, of those whose champion is not to be replaced."""
    trained = {SEGMENT_MODEL: TRAINED, NEXT_ACTION_MODEL: FORETELLS}
    return tuple(
        asset
        for model, assets in trained.items()
        if has_lasting_champion(settings, model)
        for asset in assets
    )


def has_champion(settings: Settings, model: RegisteredModel = SEGMENT_MODEL) -> bool:
    """Whether a version of a model that can be read is the champion; no store holds none."""
    if not settings.has_model_store:
        return False
    store = models_of(settings, model)
    champion = store.champion()
    return champion is not None and store.can_read(champion)


def has_lasting_champion(settings: Settings, model: RegisteredModel = SEGMENT_MODEL) -> bool:
    """Whether there is a champion, and it was not made for want of customers or actions.

    One that was gives way once there are more, so that it is worth looking again.
    """
    if not has_champion(settings, model):
        return False
    store = models_of(settings, model)
    version = store.champion()
    return version is not None and (
        registered(version, store).tags.get(ALERT) not in (*WANT_OF_CUSTOMERS, TOO_FEW)
    )


def models_of(settings: Settings, model: RegisteredModel) -> ModelStore:
    """Return where the versions of a model are."""
    return ModelStore(settings.mlflow_tracking_uri, settings.artifacts.as_uri(), model)
