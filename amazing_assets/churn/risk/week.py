"""The training of a week: which tasks get a new model, and what becomes of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.risk.gathering import dates_before, gather
from amazing_assets.churn.risk.material import (
    TooLittleHistoryError,
    TrainingSettings,
    is_possible,
    material,
    too_little,
)
from amazing_assets.churn.risk.publication import (
    as_of_version,
    known_at,
    made_of,
    readable,
    recipes_before,
    release,
)
from amazing_assets.churn.risk.training import Before, learn
from amazing_assets.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.churn.outcomes import Task
    from amazing_assets.churn.risk.gathering import Gathered
    from amazing_assets.churn.risk.training import Fitted
    from amazing_assets.lake.table import Lake
    from amazing_assets.models.store import ModelStore

# Of a past week that nobody asks for a model is made only where the last one is older than that.
LONGEST_USE = timedelta(weeks=8)

# What became of a task beside what promotion decides.
KEPT, SAME, TOO_LITTLE = "kept", "same", "too little"

_SEARCHED, _REFITTED = "searched", "refitted"


class WeekPlan(NamedTuple):
    """What is to be trained.

    Attributes:
        as_of: The reference date of the week.
        version: Of the features.
        settings: How much is tried.
        is_thorough: Whether every task is searched anew: of the newest week, or one asked for. Of
            others only what is too old is fitted anew, so that past weeks are scored as they would
            have been.
    """

    as_of: date
    version: str
    settings: TrainingSettings
    is_thorough: bool


class TaskOutcome(NamedTuple):
    """What became of a task in a week.

    Attributes:
        task: pause, cancel or reactivate.
        outcome: promoted, major, refused, kept, same or too little.
        version: The version that is in use at the reference date; None: there is none.
        sentence: Why, for a reader.
        fitted: What was trained; None: nothing was.
    """

    task: str
    outcome: str
    version: str | None
    sentence: str
    fitted: Fitted | None = None


def train_week(
    lake: Lake, stores: Mapping[str, ModelStore], plan: WeekPlan, progress: Progress = silent
) -> list[TaskOutcome]:
    """Return what became of every task in a week.

    Raises:
        LeakageError: A feature knows an outcome; of its task nothing is fitted.
    """
    dates = dates_before(lake, plan.as_of)
    found = {task.name: _left(task, stores[task.name], plan, dates) for task in TASKS}
    if all(found.values()):
        return [each for each in found.values() if each]
    seen = gather(lake, plan.as_of, plan.version, plan.settings.most_rows)
    return [
        found[task.name] or _trained(task, stores[task.name], plan, seen, progress)
        for task in TASKS
    ]


def _left(
    task: Task, store: ModelStore, plan: WeekPlan, dates: tuple[date, ...]
) -> TaskOutcome | None:
    """Return why a task gets no new model; None: it does."""
    version = known_at(store, plan.as_of)
    if not is_possible(dates, task, plan.as_of):
        sentence = too_little(task, plan.as_of, plan.settings.fewest)
        return TaskOutcome(task.name, TOO_LITTLE, version, sentence)
    if plan.is_thorough or version is None:
        return None
    made = as_of_version(store, version)
    if plan.as_of - made >= LONGEST_USE:
        return None
    sentence = f"Version {version} of {made} goes on: a later week is the newest."
    return TaskOutcome(task.name, KEPT, version, sentence)


def _trained(
    task: Task, store: ModelStore, plan: WeekPlan, seen: Gathered, progress: Progress
) -> TaskOutcome:
    in_use = known_at(store, plan.as_of)
    try:
        known = material(seen, task, plan.settings)
    except TooLittleHistoryError as error:
        return TaskOutcome(task.name, TOO_LITTLE, in_use, str(error))
    is_searched = plan.is_thorough and plan.settings.budget.trials > 0
    efforts = (_SEARCHED,) if is_searched else (_REFITTED, _SEARCHED)
    for effort in efforts:
        if version := made_of(store, plan.as_of, f"{known.digest} {effort}"):
            sentence = f"Version {version} was made of the same weeks."
            return TaskOutcome(task.name, SAME, known_at(store, plan.as_of) or version, sentence)
    champion, unreadable = readable(store, in_use)
    budget = plan.settings.budget
    fitted = learn(
        known,
        budget if is_searched else budget._replace(trials=0),
        Before(champion, recipes_before(store, plan.as_of)),
        progress=lambda done, total, text: progress(done, total, f"{task.name}: {text}"),
    )
    made = release(fitted, store, f"{known.digest} {efforts[0]}")
    told = " ".join(filter(None, (unreadable, made.reasons)))
    return TaskOutcome(task.name, made.decision, known_at(store, plan.as_of), told, fitted)
