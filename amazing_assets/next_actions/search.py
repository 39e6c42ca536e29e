"""Which network learns best: a search that prunes, goes on after a kill and never takes too much.

What a trial would need is reckoned before it begins: one that would exceed the memory is refused,
so that no training is killed by the machine.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from amazing_assets.next_actions.histories import CONTEXT, NUMERIC
from amazing_assets.next_actions.settings import NetworkSettings
from amazing_assets.next_actions.vocabulary import ACTIONS, TOKENS
from amazing_assets.next_actions.windows import LENGTH
from amazing_assets.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.next_actions.network import Epoch
    from amazing_assets.next_actions.settings import Lesson

_GIGABYTE = 1_000_000_000

# Arrays of the size of the memory that a step keeps for each place until it has learnt: four gates,
# the state before and after, and the same again for what flows back.
_KEPT = 16

# Of each weight: itself, its slope, and the two means by which AdamW steps.
_OF_A_WEIGHT = 4

_FLOAT = 4

# What torch itself takes when it computes for the first time: 100 MB were measured.
_LIBRARY = 150_000_000

# Why a trial was not begun, and how many bytes it would have needed.
REFUSED = "refused_bytes"


class Budget(NamedTuple):
    """What a search may take.

    Attributes:
        trials: Networks that are tried, refused ones among them.
        seconds: After which no other is begun.
        memory: Bytes that the process may hold.
    """

    trials: int = 20
    seconds: float = 45 * 60
    memory: int = 3 * _GIGABYTE


class Space(NamedTuple):
    """Among what is searched."""

    embedding: Sequence[int] = (0, 16, 24, 48)
    hidden: Sequence[int] = (48, 96, 160, 256)
    batch: Sequence[int] = (64, 128, 256)
    dropout: tuple[float, float] = (0.0, 0.4)
    learning_rate: tuple[float, float] = (1e-3, 2e-2)


class Plan(NamedTuple):
    """What is searched for.

    Attributes:
        budget: What the search may take.
        base: Whatever is not searched, the seed among it.
        space: Among what is searched.
    """

    budget: Budget = Budget()
    base: NetworkSettings = NetworkSettings(context=True)
    space: Space = Space()


def search(
    lesson: Lesson, store: Path, plan: Plan, *, progress: Progress = silent
) -> NetworkSettings | None:
    """Return the settings of the network that foretold best; None: none was finished.

    Args:
        lesson: What is learnt from.
        store: SQLite file of the trials: a search begun again on the same histories goes on.
        plan: What is searched for.
        progress: Is told of every trial.
    """
    budget = plan.budget
    study = _study(lesson, store, plan.base)
    _take_up_again(study)
    ends = time.monotonic() + budget.seconds
    while (done := _finished(study)) < budget.trials and time.monotonic() < ends:
        study.optimize(lambda trial: _try(trial, lesson, plan), n_trials=1)
        progress(done + 1, budget.trials, _told(study.trials[-1]))
    best = [each for each in study.trials if each.state.name == "COMPLETE"]
    if not best:
        return None
    return plan.base._replace(**min(best, key=lambda each: each.value).params)


def _try(trial: Any, lesson: Lesson, plan: Plan) -> float:  # noqa: ANN401  optuna is imported late
    from optuna import TrialPruned  # noqa: PLC0415  needed only where one searches

    from amazing_assets.next_actions.network import train  # noqa: PLC0415  torch, as above

    budget, base, space = plan
    settings = base._replace(
        embedding=trial.suggest_categorical("embedding", list(space.embedding)),
        hidden=trial.suggest_categorical("hidden", list(space.hidden)),
        batch=trial.suggest_categorical("batch", list(space.batch)),
        dropout=trial.suggest_float("dropout", *space.dropout),
        learning_rate=trial.suggest_float("learning_rate", *space.learning_rate, log=True),
    )
    needed = held() + bytes_needed(settings)
    if needed > budget.memory:
        trial.set_user_attr(REFUSED, needed)
        raise TrialPruned

    def is_hopeless(epoch: Epoch) -> bool:
        trial.report(epoch.validate_loss, epoch.number)
        return bool(trial.should_prune())

    trained = train(lesson, settings, stop=is_hopeless)
    if trial.should_prune() and len(trained.curve) < settings.epochs:
        raise TrialPruned
    return trained.loss


def bytes_needed(settings: NetworkSettings) -> int:
    """Return how many bytes a training takes beyond what is held before it, at most."""
    width = (settings.embedding or _one_hot()) + NUMERIC + (CONTEXT if settings.context else 0)
    weights = 4 * settings.hidden * (width + settings.hidden + 2)
    weights += settings.hidden * len(ACTIONS) + TOKENS * (settings.embedding + len(ACTIONS))
    place = width + _KEPT * settings.hidden + 4 * len(ACTIONS)
    return _LIBRARY + _FLOAT * (_OF_A_WEIGHT * weights + 2 * settings.batch * LENGTH * place)


def _one_hot() -> int:
    from amazing_assets.next_actions.windows import blocks  # noqa: PLC0415  counted when asked

    return int(blocks().shape[1])


def held() -> int:
    """Return how many bytes the process holds now."""
    import resource  # noqa: PLC0415  not on every system

    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize()
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _study(lesson: Lesson, store: Path, base: NetworkSettings) -> Any:  # noqa: ANN401  as above
    import optuna  # noqa: PLC0415  as above

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    store.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(lesson.found.tokens.tobytes() + repr(base).encode()).hexdigest()
    return optuna.create_study(
        storage=f"sqlite:///{store}",
        study_name=digest[:16],
        load_if_exists=True,
        sampler=optuna.samplers.TPESampler(seed=base.seed),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=4),
    )


def _take_up_again(study: Any) -> None:  # noqa: ANN401  as above
    """Try anew what was under way when a search was killed."""
    from optuna.trial import TrialState  # noqa: PLC0415  as above

    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
        study.enqueue_trial(trial.params)


def _finished(study: Any) -> int:  # noqa: ANN401  as above
    return sum(trial.state.name in {"COMPLETE", "PRUNED"} for trial in study.trials)


def _told(trial: Any) -> str:  # noqa: ANN401  as above
    settings = ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in trial.params.items()
    )
    if REFUSED in trial.user_attrs:
        return f"{settings}: refused, it would hold {trial.user_attrs[REFUSED] / 1e9:.1f} GB"
    if trial.state.name == "PRUNED":
        return f"{settings}: given up"
    return f"{settings}: loss {trial.value:.4f}"
