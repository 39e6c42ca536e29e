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
    news = {model.task: day for model in models if (day := _news_for(model, as_of, lake))}
    if not news:
        return tuple(models)
    version = models[0].provenance.feature_version
    seen = gather_dates(lake, sorted({*news.values()}), as_of, version, _MOST_ROWS)
    return tuple(
        _set_right(model, news[model.task], seen) if model.task in news else model
        for model in models
    )


def _news_for(model: ChurnModel, as_of: date, lake: Lake) -> date | None:
    """Return the newest day whose outcome is known, if the model was calibrated before it."""
    newest = as_of - timedelta(days=_TASKS[model.task].horizon_days)
    calibrated = model.provenance.last_date
    is_news = calibrated is not None and calibrated < newest
    return newest if is_news and _has_view(lake, newest) else None


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
