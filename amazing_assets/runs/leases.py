"""A command's lease on its runs.

A run of the web UI is watched by the daemon; a run of the command line lives and dies in the
command's own process. Killed, it would keep its slots of the pools for ever and every later run
would wait for them: a command therefore ends, before its own runs, those of dead commands.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import dagster as dg

from amazing_assets.defs.dagster_private import free_slots
from amazing_assets.lake.lock import hold, is_held

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from amazing_assets.settings import Settings

_TAG = "amazing/command"
_IN_PROGRESS = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def leases_of(settings: Settings) -> Path:
    """Return where commands hold their leases: all of a home's see each other there."""
    return settings.dagster_home / "commands"


@contextmanager
def lease(folder: Path) -> Iterator[Mapping[str, str]]:
    """Hold a lease as long as the command lives; yields the tags of its runs."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / uuid4().hex
    with hold(file):
        try:
            yield {_TAG: file.name}
        finally:
            file.unlink()


def end_runs_of_dead_commands(instance: dg.DagsterInstance, folder: Path) -> None:
    """Mark the runs that killed commands left as failed, and free what they held."""
    left = instance.get_runs(dg.RunsFilter(statuses=_IN_PROGRESS))
    for run in left:
        name = run.tags.get(_TAG)
        if name is not None and not is_held(folder / name):
            instance.report_run_failed(run, "The command that ran this was killed.")
            free_slots(instance, run.run_id)
            (folder / name).unlink(missing_ok=True)
