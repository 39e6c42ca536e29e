"""Whether something is going on: what could wait had better wait."""

import dagster as dg

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def is_busy(instance: dg.DagsterInstance) -> bool:
    """Tell whether any run is queued or under way."""
    return bool(instance.get_run_records(dg.RunsFilter(statuses=_UNDER_WAY), limit=1))
