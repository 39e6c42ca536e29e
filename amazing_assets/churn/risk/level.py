"""How often it happens by now: models set right by the newest week whose outcome is known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amazing_assets.cadence import WEEKLY
from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.risk.backtest import Slices, judged
from amazing_assets.churn.risk.features import with_purchases
from amazing_assets.churn.risk.gathering import FEWEST_EVENTS, VIEW, gather_dates
from amazing_assets.dates import week_ending

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amazing_assets.churn.outcomes import Task
    from amazing_assets.churn.risk.gathering import Gathered
    from amazing_assets.churn.risk.model import ChurnModel
    from amazing_assets.lake.table import Lake

# By as many rows it is known how often something happens.
_MOST_ROWS = 50_000

_TASKS = {task.name: task for task in TASKS}


def at_level(lake: Lake, models: Sequence[ChurnModel], as_of: date) -> tuple[ChurnModel, ...]:
    """Return models set right by the newest week whose outcome is known.

    Those that were calibrated by that week, or whose week has no view, stay as they are.

    Args:
        lake: Where views and visits are.
        models: One a task at most.
        as_of: From which on nothing is known.
    """
    newest = {model.task: as_of - timedelta(days=_horizon(model)) for model in models}
    dates = {newest[model.task] for model in models if _is_older(model, newest[model.task])}
    known = [day for day in sorted(dates) if _has_view(lake, day)]
    if not known:
        return tuple(models)
    version = models[0].provenance.feature_version
    seen = gather_dates(lake, known, as_of, version, _MOST_ROWS)
    return tuple(
        _set_right(model, newest[model.task], seen)
        if newest[model.task] in known and _is_older(model, newest[model.task])
        else model
        for model in models
    )


def _horizon(model: ChurnModel) -> int:
    return _TASKS[model.task].horizon_days


def _is_older(model: ChurnModel, day: date) -> bool:
    """Whether a model was calibrated before a day."""
    return model.provenance.last_date is not None and model.provenance.last_date < day


def _has_view(lake: Lake, day: date) -> bool:
    week = week_ending(day)
    return week in lake.partitions(VIEW, WEEKLY) and lake.is_current(VIEW, week)


def _set_right(model: ChurnModel, day: date, seen: Gathered) -> ChurnModel:
    task: Task = _TASKS[model.task]
    read = with_purchases(seen.by_date[day], seen.bought[day], model.repurchase)
    slices = Slices(task, {day: read}, FEWEST_EVENTS)
    if slices.asked([day]).is_empty():
        return model
    return model.at_level_of(judged(model.risk, slices, day))
