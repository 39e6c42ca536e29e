"""What failed and is asked for again, once what hindered it may have passed."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import dagster as dg

from amazing_assets.defs.dagster_private import latest_events
from amazing_assets.defs.environment import SETTINGS
from amazing_assets.defs.triggers.automation import FOLLOWS
from amazing_assets.defs.triggers.busy import is_busy
from amazing_assets.retries import LOOKS_BACK, next_attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.defs.dagster_private import AssetGraph

_MADE = dg.DagsterEventType.ASSET_MATERIALIZATION
_PLANNED = dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED


class Followed(NamedTuple):
    """A follower in one of its partitions; without a key one that has none."""

    asset: str
    key: str | None


@dg.sensor(
    asset_selection=dg.AssetSelection.all(),
    minimum_interval_seconds=max(SETTINGS.sensor_seconds, 30),
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Makes again what follows by itself and failed, for a lock or otherwise: after 5 minutes, "
        "15, 45, two hours, then every six, for three days. Files that were refused are not read "
        "again before they change."
    ),
)
def failed_followers(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Request followers whose last run failed, each after its pause."""
    if context.repository_def is None:
        return dg.SkipReason("there are no definitions")
    graph = context.repository_def.asset_graph
    return asked_again(context.instance, graph, datetime.now(UTC))


def followers_of(graph: AssetGraph) -> set[str]:
    """Return the assets that follow by themselves."""
    return {
        key.to_user_string()
        for key in graph.materializable_asset_keys
        if _follows(graph.get(key).automation_condition)
    }


def asked_again(
    instance: dg.DagsterInstance, graph: AssetGraph, now: datetime
) -> dg.SensorResult | dg.SkipReason:
    """Return the requests that are due at a moment."""
    if is_busy(instance):
        return dg.SkipReason("runs are under way, which may make what failed")
    failures = failures_of(instance, followers_of(graph), now)
    times = {each: next_attempt(found, now) for each, found in failures.items()}
    waiting = {each: due for each, due in times.items() if due}
    later = [each for each, when in waiting.items() if when > now]
    due = sorted(
        (each for each in waiting.keys() - later if not _needs(graph, each, later)), key=str
    )
    if due:
        return dg.SensorResult(run_requests=list(_requests(due, failures, graph)))
    soonest = min(waiting.values(), default=None)
    told = (
        f"the next attempt is due at {soonest:%H:%M} UTC" if soonest else "nothing is to be tried"
    )
    return dg.SkipReason(told)


def failures_of(
    instance: dg.DagsterInstance, followers: set[str], now: datetime
) -> dict[Followed, list[datetime]]:
    """Return when the attempts ended at what was not made since, the oldest first.

    What a person stopped, or what ended with nothing to make, after its failures is left out.
    """
    wanted = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=now - LOOKS_BACK)
    found: dict[Followed, dict[int, datetime]] = defaultdict(dict)
    for run in instance.get_run_records(wanted, ascending=True):
        ended = datetime.fromtimestamp(run.end_time or run.update_timestamp.timestamp(), UTC)
        for each, number in _planned(instance, run.dagster_run.run_id, followers):
            found[each][number] = ended
    keys = {each.asset: dg.AssetKey(each.asset) for each in found}
    made = {name: latest_events(instance, key, _MADE) for name, key in keys.items()}
    planned = {name: latest_events(instance, key, _PLANNED) for name, key in keys.items()}
    return {
        each: [
            ended
            for number, ended in attempts.items()
            if number > made[each.asset].get(each.key, 0)
        ]
        for each, attempts in found.items()
        if max(attempts) == planned[each.asset].get(each.key)
        and max(attempts) > made[each.asset].get(each.key, 0)
    }


def _follows(condition: object) -> bool:
    return isinstance(condition, dg.AutomationCondition) and condition.get_label() == FOLLOWS


def _needs(graph: AssetGraph, each: Followed, others: list[Followed]) -> bool:
    """Whether a follower is made of others in the same partition."""
    above = graph.get_ancestor_asset_keys(dg.AssetKey(each.asset))
    return any(dg.AssetKey(other.asset) in above and other.key == each.key for other in others)


def _planned(
    instance: dg.DagsterInstance, run_id: str, followers: set[str]
) -> Iterator[tuple[Followed, int]]:
    """What a run was to make of the followers, and the number of the event that says so."""
    for record in instance.get_records_for_run(run_id, of_type=_PLANNED).records:
        event = record.event_log_entry.get_dagster_event()
        name = event.asset_key.to_user_string() if event.asset_key else ""
        if name in followers:
            yield Followed(name, event.partition), record.storage_id


def _requests(
    due: list[Followed], failures: dict[Followed, list[datetime]], graph: AssetGraph
) -> Iterator[dg.RunRequest]:
    """One run of each partition, with all that failed of it: none before what it is made of."""
    by_key: dict[str | None, list[Followed]] = defaultdict(list)
    for each in due:
        by_key[each.key].append(each)
    for key, cells in by_key.items():
        last = max(failures[each][-1] for each in cells)
        # Tables that one step makes are asked for together: Dagster refuses a part of them.
        steps = (graph.get(dg.AssetKey(each.asset)).execution_set_asset_keys for each in cells)
        yield dg.RunRequest(
            # Dagster ignores a key that it has seen: every attempt has its own.
            run_key=f"again:{key}:{last.isoformat()}",
            partition_key=key,
            asset_selection=sorted(set().union(*steps)),
            tags={"again": ", ".join(each.asset for each in cells)[:250]},
        )
