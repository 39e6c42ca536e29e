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
from amazing_assets.models.spread import spread
from amazing_assets.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amazing_assets.churn.outcomes import Task
    from amazing_assets.churn.risk.gathering import Gathered
    from amazing_assets.churn.risk.material import Material
    from amazing_assets.churn.risk.search import Budget
    from amazing_assets.churn.risk.training import Fitted
    from amazing_assets.lake.table import Lake
    from amazing_assets.models.store import ModelStore

# Of a past week that nobody asks for a model is made only where the last one is older than that.
LONGEST_USE = timedelta(weeks=8)

# So many rows of past weeks tasks learn from beside each other, each in a process that holds them
# and 300 MB of libraries: of fewer it begins as long as it learns, of more memory has no bound.
ROWS_AT_A_TIME = range(20_000, 200_000)

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
    tasks = [task for task in TASKS if not found[task.name]]
    rows = sum(frame.height for frame in seen.by_date.values())
    for group in [tasks] if rows in ROWS_AT_A_TIME else [[task] for task in tasks]:
        found |= _trained(group, stores, plan, seen, progress)
    return [each for each in found.values() if each]


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
    tasks: Sequence[Task],
    stores: Mapping[str, ModelStore],
    plan: WeekPlan,
    seen: Gathered,
    progress: Progress,
) -> dict[str, TaskOutcome]:
    """Return what became of some tasks, learnt beside each other if there are several."""
    prepared = [_prepared(task, stores[task.name], plan, seen) for task in tasks]
    found = {each.task: each for each in prepared if isinstance(each, TaskOutcome)}
    lessons = [each for each in prepared if isinstance(each, _Lesson)]
    for lesson, fitted in zip(lessons, _learnt(lessons, progress), strict=True):
        found[lesson.task.name] = _released(lesson, fitted, stores[lesson.task.name])
    return found


class _Lesson(NamedTuple):
    """What a task learns from, and how; what was unreadable before is a sentence."""

    task: Task
    known: Material
    budget: Budget
    before: Before
    material: str
    unreadable: str | None


def _prepared(
    task: Task, store: ModelStore, plan: WeekPlan, seen: Gathered
) -> _Lesson | TaskOutcome:
    """Return what a task is to learn from, or why it learns nothing."""
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
    return _Lesson(
        task,
        known,
        budget if is_searched else budget._replace(trials=0),
        Before(champion, recipes_before(store, plan.as_of)),
        f"{known.digest} {efforts[0]}",
        unreadable,
    )


def _learnt(lessons: Sequence[_Lesson], progress: Progress) -> Iterator[Fitted]:
    """Yield what each lesson comes to."""
    if len(lessons) == 1:
        yield _learn(None, lessons[0], progress)
        return
    travelling = [each._replace(known=each.known.travelling()) for each in lessons]
    for done, fitted in enumerate(spread(_learn, None, travelling), 1):
        progress(done, len(lessons), lessons[done - 1].task.name)
        yield fitted


def _learn(_: None, lesson: _Lesson, progress: Progress = silent) -> Fitted:
    name = lesson.task.name
    return learn(
        lesson.known,
        lesson.budget,
        lesson.before,
        progress=lambda done, total, text: progress(done, total, f"{name}: {text}"),
    )


def _released(lesson: _Lesson, fitted: Fitted, store: ModelStore) -> TaskOutcome:
    made = release(fitted, store, lesson.material)
    told = " ".join(filter(None, (lesson.unreadable, made.reasons)))
    version = known_at(store, lesson.known.as_of)
    return TaskOutcome(lesson.task.name, made.decision, version, told, fitted)
