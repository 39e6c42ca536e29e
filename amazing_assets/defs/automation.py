"""What follows by itself once a month is made: when assets that cross months are made again.

Dagster's own `eager()`, `on_missing()` and `on_cron()` look only at the latest time window: for
months of 2019 nothing would ever start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster import AssetSelection
from dagster import AutomationCondition as Condition

from amazing_assets.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    # Dagster does not export the one kind of condition that can ignore parents.
    from dagster._core.definitions.declarative_automation.operators import DepsAutomationCondition


# A person's backfill makes parents before children: what it made needs no second time. Updates
# are told apart by the tags of their runs, as automation starts backfills too.
_MADE_BY_A_PERSONS_BACKFILL: Condition[Any] = Condition.all_new_updates_have_run_tags(
    tag_keys={"dagster/backfill"}
) & ~Condition.any_new_update_has_run_tags(tag_keys={"dagster/from_automation_condition"})


def follow(
    *, trigger_ignore: Sequence[str] = (), missing_ignore: Sequence[str] = ()
) -> Condition[Any]:
    """Make a partition again once something that it is made of was made.

    Args:
        trigger_ignore: Parents whose news alone are no reason.
        missing_ignore: Parents of which some partitions need not exist.
    """
    return (
        # Not `since_last_handled`: an update that arrives while the asset is being made would be
        # lost for ever (dagster #24650). What slips through in the very tick after a request is
        # found by the sensor `stale_features`.
        _ignoring(Condition.any_deps_updated(), trigger_ignore).since(
            Condition.newly_requested() | _MADE_BY_A_PERSONS_BACKFILL
        )
        & ~_ignoring(Condition.any_deps_missing(), missing_ignore)
        # A backfill of seven months makes the last one once, not seven times.
        & ~Condition.any_deps_in_progress()
        & ~Condition.in_progress()
    ).with_label("follows_its_parents")


_CHANGED: Condition[Any] = Condition.any_deps_updated()
_THREE_AT_NIGHT: Condition[Any] = Condition.cron_tick_passed("0 3 * * *")

# The model is trained once after a wave of months, at an hour when nobody delivers: a plain
# `follow` would train it at every wave. The night must come after the news: with
# `since_last_handled` a quiet night would still count the next noon, in the middle of a wave.
NIGHTLY: Condition[Any] = (
    _CHANGED.since_last_handled()
    & _THREE_AT_NIGHT.since(_CHANGED)
    & ~Condition.any_deps_in_progress()
    & ~Condition.in_progress()
).with_label("nightly_if_its_parents_changed")

automation = dg.AutomationConditionSensorDefinition(
    "automation",
    target=AssetSelection.all(),
    minimum_interval_seconds=load_settings().sensor_seconds,
    # Dagster's own default is a sensor that is stopped.
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts what follows: features after months, assignments after features.",
)


def _ignoring(condition: DepsAutomationCondition[Any], names: Sequence[str]) -> Condition[Any]:
    return condition.ignore(AssetSelection.assets(*names)) if names else condition
