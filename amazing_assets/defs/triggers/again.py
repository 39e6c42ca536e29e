"""What follows, and failed, is made again once what hindered it may have passed.

Automation makes it once more at once, and then its news are used up: after a night in which
somebody held the warehouse open, nothing would ever ask for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from amazing_assets.defs.dagster_private import AssetGraph, latest_events
from amazing_assets.defs.triggers.busy import is_busy
from amazing_assets.defs.triggers.pauses import GIVES_UP_AFTER, next_try

# Of an asset its partition; None: it has none.
Part = tuple[dg.AssetKey, str | None]

# A series of failures is seen whole as long as it matters.
_LOOKS_BACK = 2 * GIVES_UP_AFTER

_MADE = dg.DagsterEventType.ASSET_MATERIALIZATION
_PLANNED = dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED


@dataclass(frozen=True)
class Failure:
    """An attempt that failed: its number in the event log, and when its run ended."""

    planned: int
    ended: datetime


@dg.sensor(
    target=dg.AssetSelection.all(),
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Makes again what failed and follows by itself, such as features, assignments and reports: "
        "5, 15 and 45 minutes, then 2 hours after the last failure, then every 6 hours for a week. "
        "A month whose files were refused is not among them; it waits for other files."
    ),
)
def failed_followers(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Request what failed long enough ago, unless it was made since, or is given up."""
    instance, now = context.instance, datetime.now(UTC)
    if is_busy(instance):
        return dg.SkipReason("runs are under way, which may make what failed")
    repository = context.repository_def
    if repository is None:
        return dg.SkipReason("without its definitions it is not known what follows")
    graph = repository.asset_graph
    failed = _still_failed(instance, _followers(graph), now)
    waiting = {part: at for part, found in failed.items() if (at := _next_try(found))}
    due = [
        part for part, at in waiting.items() if at <= now and not _is_below(graph, part, waiting)
    ]
    later = ", ".join(f"{_name(part)} at {at:%Y-%m-%d %H:%M} UTC" for part, at in waiting.items())
    return dg.SensorResult(
        run_requests=_requests(graph, {part: failed[part] for part in due}),
        skip_reason=None if due else later or "nothing that follows has failed",
    )


def _followers(graph: AssetGraph) -> set[dg.AssetKey]:
    """What automation makes: to anything else a person, a schedule or a file has to see."""
    keys = graph.materializable_asset_keys
    return {key for key in keys if graph.get(key).automation_condition is not None}


def _still_failed(
    instance: dg.DagsterInstance, followers: set[dg.AssetKey], now: datetime
) -> dict[Part, list[Failure]]:
    """Of what failed last and was not made since: its failures since it was made."""
    found = defaultdict(list)
    for part, failure in _failures(instance, now):
        if part[0] in followers:
            found[part].append(failure)
    keys = {key for key, _ in found}
    made = {key: latest_events(instance, key, _MADE) for key in keys}
    planned = {key: latest_events(instance, key, _PLANNED) for key in keys}
    since = {
        part: [each for each in failures if each.planned > made[part[0]].get(part[1], 0)]
        for part, failures in found.items()
    }
    # An attempt that a person stopped, or that found nothing to make, ends the matter.
    return {
        part: failures
        for part, failures in since.items()
        if failures and failures[-1].planned == planned[part[0]].get(part[1])
    }


def _failures(instance: dg.DagsterInstance, now: datetime) -> Iterator[tuple[Part, Failure]]:
    """What every failed run of late would have made, the oldest first."""
    recent = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=now - _LOOKS_BACK)
    for run in instance.get_run_records(recent, ascending=True):
        ended = datetime.fromtimestamp(run.end_time, UTC) if run.end_time else run.update_timestamp
        run_id = run.dagster_run.run_id
        for record in instance.get_records_for_run(run_id, of_type=_PLANNED).records:
            event = record.event_log_entry.get_dagster_event()
            if event.asset_key:
                yield (event.asset_key, event.partition), Failure(record.storage_id, ended)


def _next_try(failures: Iterable[Failure]) -> datetime | None:
    return next_try([failure.ended for failure in failures])


def _is_below(graph: AssetGraph, part: Part, others: Iterable[Part]) -> bool:
    """Whether something that it is made of has to be made again first."""
    above = graph.get_ancestor_asset_keys(part[0])
    return any(key in above and partition == part[1] for key, partition in others)


def _name(part: Part) -> str:
    key, partition = part
    return "/".join(filter(None, (key.to_user_string(), partition)))


def _requests(graph: AssetGraph, due: dict[Part, list[Failure]]) -> list[dg.RunRequest]:
    """One run for each; what one step makes together is in one run."""
    runs = {
        (frozenset(graph.get(key).execution_set_asset_keys), partition): failures[-1].planned
        for (key, partition), failures in due.items()
    }
    return [
        dg.RunRequest(
            # Dagster ignores a run key that it has seen: one request for each failure.
            run_key=f"again:{_name((min(keys), partition))}:{planned}",
            partition_key=partition,
            asset_selection=sorted(keys),
        )
        for (keys, partition), planned in runs.items()
    ]
