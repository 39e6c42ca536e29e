"""What follows by itself once a month is made: when assets that cross months are made again.

Dagster's own `eager()`, `on_missing()` and `on_cron()` look only at the latest time window: for
months of 2019 nothing would ever start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster import AssetSelection
from dagster import AutomationCondition as Condition

from amazing_assets.defs.environment import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.defs.dagster_private import DepsAutomationCondition


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


# At an hour when nobody delivers; the quarters begin in January.
_EVERY_NIGHT, _EVERY_QUARTER = "0 3 * * *", "0 3 1 1,4,7,10 *"


def trained() -> Condition[Any]:
    """Train a model once there are features, and again every quarter if they have changed.

    Months in between are placed by the model as it is, however many are delivered or made again: a
    plain `follow` would train it at every wave. The sensor `segments_drift` trains out of turn.
    """
    changed = Condition.any_deps_updated().ignore(AssetSelection.assets("event_threshold"))

    def after(news: Condition[Any], cron: str) -> Condition[Any]:
        # The hour must come after the news: with `since_last_handled` a quiet night would still
        # count the next noon, in the middle of a wave.
        return news.since_last_handled() & Condition.cron_tick_passed(cron).since(news)

    return (
        ((after(changed, _EVERY_NIGHT) & Condition.missing()) | after(changed, _EVERY_QUARTER))
        & ~Condition.any_deps_in_progress()
        & ~Condition.in_progress()
    ).with_label("every_quarter_if_features_changed")


automation = dg.AutomationConditionSensorDefinition(
    "automation",
    target=AssetSelection.all(),
    minimum_interval_seconds=SETTINGS.sensor_seconds,
    # Dagster's own default is a sensor that is stopped.
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts what follows: features after months, assignments after features.",
)


def _ignoring(condition: DepsAutomationCondition[Any], names: Sequence[str]) -> Condition[Any]:
    return condition.ignore(AssetSelection.assets(*names)) if names else condition
