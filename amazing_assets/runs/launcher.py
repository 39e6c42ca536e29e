"""Runs at home are processes; this notices when one is gone, however it went."""

import os
from pathlib import Path

import dagster as dg

from amazing_assets.defs.dagster_private import (
    CanCancelExecutionRequest,
    CanCancelExecutionResult,
    CheckRunHealthResult,
    DefaultRunLauncher,
    WorkerStatus,
    deserialize_value,
)

# How long a code server may take to say what it runs.
_ANSWER_SECONDS = 10


class WatchedRunLauncher(DefaultRunLauncher):
    """Dagster's own launcher, whose runs can be asked for their health.

    With the stock one a run whose process ended together with its code server (a power cut, SIGKILL
    of the whole group) stays "started" for hours, and all that waits for it waits as long.
    """

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Let Dagster's run monitoring ask."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Tell whether the process of a run that has started is still there."""
        processes = self._processes(run)
        # Of a run that named no process nothing can be said.
        if not processes or self._is_known_to_its_server(run) or any(map(_lives, processes)):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(
            WorkerStatus.FAILED, "The process of the run is gone; it was killed."
        )

    def _is_known_to_its_server(self, run: dg.DagsterRun) -> bool:
        client = self._get_grpc_client_for_termination(run.run_id)  # type: ignore[no-untyped-call]  # Dagster's own
        if client is None:
            return False
        request = CanCancelExecutionRequest(run_id=run.run_id)
        try:
            answer = client.can_cancel_execution(request, timeout=_ANSWER_SECONDS)
        except dg.DagsterError:
            return False  # The server is gone, or is another one that knows nothing of the run.
        return deserialize_value(answer, CanCancelExecutionResult).can_cancel

    def _processes(self, run: dg.DagsterRun) -> list[int]:
        events = self._instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
        metadata = [event.get_dagster_event().engine_event_data.metadata for event in events]
        return [int(str(found["pid"].value)) for found in metadata if "pid" in found]


def _lives(process: int) -> bool:
    """Whether a process lives and may be a run's: numbers of processes are given out again."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    command = Path(f"/proc/{process}/cmdline")
    return not command.exists() or b"python" in command.read_bytes()
