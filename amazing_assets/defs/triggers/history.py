"""Dagster's history of runs, as far as nothing is left of what they made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

import dagster as dg

from amazing_assets.defs.dagster_private import latest_storage_ids
from amazing_assets.privacy.retention.lives import Lives
from amazing_assets.privacy.retention.removal import Outlived

# Of one query: a database takes so many numbers in one.
_AT_ONCE = 500


@dataclass(frozen=True)
class RunHistory:
    """The runs of an instance.

    A run that was the last to make a table's month, week or model stays whatever its age: what was
    made of what is told from it, and without it months would be made again.
    """

    instance: dg.DagsterInstance

    def outlived(self, lives: Lives) -> Sequence[Outlived]:
        """Return the runs that are over."""
        bound = lives.bound("runs")
        if bound is None:
            return []
        before = datetime.combine(bound, time.min, UTC)
        old = self.instance.get_run_records(dg.RunsFilter(created_before=before))
        over = [each.dagster_run for each in old if each.dagster_run.is_finished]
        lasting = set(_makers(self.instance)) if over else set()
        return [
            Outlived("runs", "runs", run.run_id, 1) for run in over if run.run_id not in lasting
        ]

    def remove(self, found: Sequence[Outlived]) -> None:
        """Remove runs with all their events."""
        for each in found:
            self.instance.delete_run(each.key)


def _makers(instance: dg.DagsterInstance) -> Iterator[str]:
    """Yield the runs that were the last to make something."""
    for key in instance.all_asset_keys():
        numbers = sorted(latest_storage_ids(instance, key.to_user_string()).values())
        for begin in range(0, len(numbers), _AT_ONCE):
            wanted = dg.AssetRecordsFilter(key, storage_ids=numbers[begin : begin + _AT_ONCE])
            for record in instance.fetch_materializations(wanted, limit=_AT_ONCE).records:
                yield record.run_id
        for known in instance.get_asset_records([key]):
            yield known.asset_entry.last_run_id or ""
            if last := known.asset_entry.last_materialization:
                yield last.run_id
