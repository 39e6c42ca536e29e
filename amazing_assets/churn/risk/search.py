"""Which way of fitting foretells best: a search that prunes, and stops when its time is over.

What served before always enters first, then what won in the weeks before and every family as it
is by default; from there the search goes on by itself. It is judged by later weeks than it sees.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from amazing_assets.churn.risk.backtest import fitted, judged
from amazing_assets.churn.risk.recipes import (
    BOOSTING,
    CANDIDATES,
    DEFAULTS,
    LIGHTGBM,
    LOGISTIC,
    Recipe,
)
from amazing_assets.models.probabilities import Ranked, average_precision
from amazing_assets.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amazing_assets.churn.risk.backtest import Slices
    from amazing_assets.churn.risk.origins import Origin

# Among what is searched: of each setting of a family the least, the most, and how it is stepped.
_WHOLE, _EVEN, _LOGARITHMIC = "whole", "even", "logarithmic"
SPACE: dict[str, dict[str, tuple[float, float, str]]] = {
    LIGHTGBM: {
        "rounds": (40, 400, _WHOLE),
        "learning_rate": (0.02, 0.2, _LOGARITHMIC),
        "num_leaves": (4, 63, _WHOLE),
        "min_data_in_leaf": (20, 400, _WHOLE),
        "feature_fraction": (0.3, 1.0, _EVEN),
        "lambda_l2": (1e-3, 30.0, _LOGARITHMIC),
    },
    BOOSTING: {
        "max_iter": (40, 300, _WHOLE),
        "learning_rate": (0.02, 0.2, _LOGARITHMIC),
        "max_leaf_nodes": (4, 63, _WHOLE),
        "min_samples_leaf": (20, 400, _WHOLE),
        "l2_regularization": (1e-3, 30.0, _LOGARITHMIC),
    },
    LOGISTIC: {"C": (1e-4, 10.0, _LOGARITHMIC)},
}

# Trials before any is given up for being worse than the median of the others.
_BEFORE_PRUNING = 4

TRIALS = pl.Schema(
    {
        "trial": pl.Int64,
        "family": pl.String,
        "settings": pl.String,
        "pr_auc": pl.Float64,
        "state": pl.String,
        "seconds": pl.Float64,
    }
)


class Budget(NamedTuple):
    """What a search may take.

    Attributes:
        trials: Ways of fitting that are tried, those that enter first among them.
        seconds: After which no other is begun.
        seed: Of the fits and the search.
    """

    trials: int = 40
    seconds: float = 5.0
    seed: int = 0


class SearchResult(NamedTuple):
    """What a search came to.

    Attributes:
        finalists: Of each family that was tried the way of fitting that ranks best, the best first.
        trials: Every trial (`TRIALS`).
    """

    finalists: tuple[Recipe, ...]
    trials: pl.DataFrame


def search(
    slices: Slices,
    origins: Sequence[Origin],
    first: Iterable[Recipe],
    budget: Budget,
    progress: Progress = silent,
) -> SearchResult:
    """Return the ways of fitting that rank best on some weeks.

    Args:
        slices: What is fitted on.
        origins: Weeks to train, calibrate and test.
        first: Enter before any other, whatever the time; then the families by default.
        budget: What the search may take.
        progress: Is told of every trial.
    """
    import optuna  # noqa: PLC0415  a second

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    seed = budget.seed
    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=_BEFORE_PRUNING),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=_BEFORE_PRUNING),
    )
    entering = _distinct([*first, *CANDIDATES.values()])
    for recipe in entering:
        study.enqueue_trial(_parameters(recipe))
    ends = time.monotonic() + budget.seconds
    for number in range(max(budget.trials, 1)):
        # One is tried in any case: of a search that had no time what served before is the best.
        if number and time.monotonic() > ends:
            break
        study.optimize(lambda trial: _value(trial, slices, origins, seed), n_trials=1)
        progress(number + 1, budget.trials, _told(study.trials[number]))
    finished = [trial for trial in study.trials if trial.state.name == "COMPLETE"]
    ranked = sorted(finished, key=lambda trial: (-(trial.value or 0.0), trial.number))
    best: dict[str, Recipe] = {}
    for recipe in (recipe_of(trial.params) for trial in ranked):
        best.setdefault(recipe.family, recipe)
    return SearchResult(tuple(best.values()), _table(study))


def recipe_of(parameters: dict[str, Any]) -> Recipe:
    """Return the recipe of a trial's parameters."""
    family = parameters["family"]
    begins = f"{family}."
    settings = {
        name.removeprefix(begins): float(value)
        for name, value in parameters.items()
        if name.startswith(begins)
    }
    return Recipe(family, settings)


def _parameters(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe as a trial; what it does not say is the family's default."""
    known = {**DEFAULTS[recipe.family], **recipe.settings}
    inside: dict[str, Any] = {"family": recipe.family}
    for name, (low, high, step) in SPACE[recipe.family].items():
        value = min(max(known[name], low), high)
        inside[f"{recipe.family}.{name}"] = round(value) if step == _WHOLE else float(value)
    return inside


def _distinct(recipes: Iterable[Recipe]) -> list[Recipe]:
    """Return recipes that the search knows, without repetition, unbalanced ones as they are."""
    found: dict[str, Recipe] = {}
    for recipe in recipes:
        if recipe.family in SPACE and recipe.columns is None:
            found.setdefault(recipe.key, recipe)
    return list(found.values())


def _value(trial: Any, slices: Slices, origins: Sequence[Origin], seed: int) -> float:  # noqa: ANN401  optuna is imported late
    from optuna import TrialPruned  # noqa: PLC0415  as above

    family = trial.suggest_categorical("family", [*SPACE])
    settings = {
        name: _suggested(trial, f"{family}.{name}", *bounds)
        for name, bounds in SPACE[family].items()
    }
    recipe, found = Recipe(family, settings), list[float]()
    # The latest week first: it tells most of the weeks to come.
    for step, origin in enumerate(reversed(origins)):
        told = judged(fitted(recipe, slices, origin, seed), slices, origin.test or origin.calibrate)
        ranked = Ranked.of(told)
        found.append(average_precision(*ranked.counts(np.ones(len(told.happened)))))
        trial.report(float(np.mean(found)), step)
        if step + 1 < len(origins) and trial.should_prune():
            raise TrialPruned
    return float(np.mean(found))


def _suggested(trial: Any, name: str, low: float, high: float, step: str) -> float:  # noqa: ANN401  as above
    if step == _WHOLE:
        return float(trial.suggest_int(name, int(low), int(high)))
    return float(trial.suggest_float(name, low, high, log=step == _LOGARITHMIC))


def _told(trial: Any) -> str:  # noqa: ANN401  as above
    value = "given up" if trial.value is None else f"precision {trial.value:.4f}"
    return f"{trial.params['family']}: {value}"


def _table(study: Any) -> pl.DataFrame:  # noqa: ANN401  as above
    rows = []
    # Those that were to enter and did not for want of time are left out.
    for trial in (each for each in study.trials if each.state.is_finished()):
        recipe = recipe_of(trial.params)
        settings = ", ".join(f"{name} {value:.4g}" for name, value in recipe.settings.items())
        done = trial.state.name == "COMPLETE"
        rows.append(
            {
                "trial": trial.number,
                "family": recipe.family,
                "settings": settings,
                "pr_auc": trial.value if done else None,
                "state": "finished" if done else "given up",
                "seconds": trial.duration.total_seconds(),
            }
        )
    return pl.DataFrame(rows, schema=TRIALS)
