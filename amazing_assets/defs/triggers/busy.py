"""Whether something is going on: what could wait had better wait."""

from datetime import datetime

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


def others_at_work(
    instance: dg.DagsterInstance, since: datetime | None = None, own_run: str | None = None
) -> bool:
    """Tell whether any run but one is under way, or was since a moment."""
    filters = [dg.RunsFilter(statuses=_UNDER_WAY)]
    if since is not None:
        filters.append(dg.RunsFilter(updated_after=since))
    return any(
        record.dagster_run.run_id != own_run
        for each in filters
        for record in instance.get_run_records(each, limit=2)
    )
