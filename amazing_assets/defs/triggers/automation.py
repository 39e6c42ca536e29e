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


# By this label the sensor `failed_followers` knows whom to ask again.
FOLLOWS = "follows_its_parents"

# Dagster's tag of the runs that automation starts.
FROM_AUTOMATION = "dagster/from_automation_condition"

# A person's backfill makes parents before children: what it made needs no second time. Updates
# are told apart by the tags of their runs, as automation starts backfills too.
_MADE_BY_A_PERSONS_BACKFILL: Condition[Any] = Condition.all_new_updates_have_run_tags(
    tag_keys={"dagster/backfill"}
) & ~Condition.any_new_update_has_run_tags(tag_keys={FROM_AUTOMATION})


# What automation asked for as one backfill: a parent in it was news to who follows it when it was
# asked for, and they were put into it behind the parent, or wait until it is made.
_MADE_BY_ITS_OWN_BACKFILL = Condition.all_new_updates_have_run_tags(
    tag_keys={"dagster/backfill", FROM_AUTOMATION}
)


def follow(
    *, trigger_ignore: Sequence[str] = (), missing_ignore: Sequence[str] = ()
) -> Condition[Any]:
    """Make a partition again once something that it is made of was made.

    A run that fails has used up its news, so it is made once more, and once only for the same news.

    Args:
        trigger_ignore: Parents whose news alone are no reason.
        missing_ignore: Parents of which some partitions need not exist.
    """
    news = _ignoring(_any_deps_updated(), trigger_ignore)
    return (
        _unanswered(news)
        & ~_ignoring(Condition.any_deps_missing(), missing_ignore)
        # A backfill of seven months makes the last one once, not seven times.
        & ~Condition.any_deps_in_progress()
        & ~Condition.in_progress()
    ).with_label(FOLLOWS)


def _any_deps_updated() -> DepsAutomationCondition[Any]:
    """Dagster's condition of this name, without the updates of automation's own backfills.

    Dagster leaves out what the same run made, but asks the latest run of all partitions: of four
    weeks made side by side, models, values and scores were made twice.
    """
    made = Condition.newly_updated() & ~Condition.executed_with_root_target()
    return Condition.any_deps_match(
        made & ~_MADE_BY_ITS_OWN_BACKFILL | Condition.will_be_requested()
    )


def _unanswered(news: Condition[Any]) -> Condition[Any]:
    """Whether nothing was requested since the news, or since the first failure after them."""
    failure = _first_failure_after(news)
    # Not `since_last_handled`: an update that arrives while the asset is being made would be lost
    # for ever (dagster #24650). What slips through in the very tick after a request is found by
    # the sensor `stale_features`.
    return news.since(Condition.newly_requested() | _MADE_BY_A_PERSONS_BACKFILL) | failure.since(
        # A run can fail within the tick after its request, which must not answer the failure.
        Condition.newly_requested() & ~failure
    )


def _first_failure_after(news: Condition[Any]) -> Condition[Any]:
    """The moment at which a run fails for the first time since the news.

    A failure by itself must never be the reason: what fails always would be run again for ever, as
    some 368,000 times at ol-data-platform. Without partitions every failed run is another one; of
    a partition Dagster says "failed" from the first until one succeeds, also while it is made
    again: `in_progress` makes the two alike. What failed before automation started is no news.
    """
    failed = (Condition.execution_failed() & ~Condition.in_progress()).newly_true()
    return failed.since(news | Condition.initial_evaluation()).newly_true()


# At an hour when nobody delivers.
_EVERY_NIGHT = "0 3 * * *"


def first_trained() -> Condition[Any]:
    """Train a model for the first time, in the night after there are features.

    From then on months are placed by the model as it is, however many are delivered or made again:
    a plain `follow` would train it at every wave. It is trained again by the schedule
    `quarterly_training`, and out of turn by the sensor `segments_drift`.
    """
    news = Condition.any_deps_updated().ignore(AssetSelection.assets("event_threshold"))
    return (
        Condition.missing()
        # The hour must come after the news: a quiet night would else count the next noon, in the
        # middle of a wave.
        & _unanswered(news)
        & Condition.cron_tick_passed(_EVERY_NIGHT).since(news | _first_failure_after(news))
        & ~Condition.any_deps_in_progress()
        & ~Condition.in_progress()
    ).with_label("first_night_with_features")


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
