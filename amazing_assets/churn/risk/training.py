"""From past weeks to a model that was judged: searched, compared, decided upon, fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.churn.risk.backtest import drawn, fitted
from amazing_assets.churn.risk.comparison import (
    CHALLENGER,
    balanced,
    best_of,
    decided,
    evaluation_of,
    known_baselines,
    told_of,
)
from amazing_assets.churn.risk.leakage import probe
from amazing_assets.churn.risk.model import ChurnModel, deciles, reference_of
from amazing_assets.churn.risk.recipes import BASELINES, CANDIDATES, LIGHTGBM
from amazing_assets.churn.risk.search import TRIALS, SearchResult, search
from amazing_assets.models.provenance import Provenance
from amazing_assets.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.churn.risk.leakage import Probes
    from amazing_assets.churn.risk.material import Material
    from amazing_assets.churn.risk.recipes import Recipe
    from amazing_assets.churn.risk.search import Budget
    from amazing_assets.models.probabilities import Told
    from amazing_assets.models.promotion import Decision


class Before(NamedTuple):
    """What trainings of earlier weeks left.

    Attributes:
        champion: The model in use; None: there is none.
        recipes: What won in the last weeks, the latest first.
    """

    champion: ChurnModel | None = None
    recipes: tuple[Recipe, ...] = ()


class Fitted(NamedTuple):
    """What a training came to.

    Attributes:
        model: What is fitted.
        decision: Whether it replaces the champion.
        probes: What the probes for leakage found.
        told: What everything told of the weeks that judged, the model as `challenger`.
    """

    model: ChurnModel
    decision: Decision
    probes: Probes
    told: Mapping[str, Told]


def learn(seen: Material, budget: Budget, before: Before, *, progress: Progress = silent) -> Fitted:
    """Return the best model of a task, and whether it replaces the champion.

    Args:
        seen: What is learnt from.
        budget: Of the search; without trials the recipe of before is fitted anew, and compared
            with the baselines alone.
        before: What trainings of earlier weeks left.
        progress: Is told of every trial.

    Raises:
        LeakageError: A feature knows the outcome; nothing is fitted.
    """
    slices, weeks, seed = seen.slices, seen.weeks, budget.seed
    probes = _probed(seen, seed)
    found = _searched(seen, budget, before, progress)
    recipe = found.finalists[0]
    if budget.trials:
        recipe = balanced(best_of(found, seen, seed), seen, seed)
    told = told_of(recipe, found.finalists, before.champion, seen, seed)
    decision, name = decided(told, before.champion)
    baselines = {
        each: fitted(BASELINES[each], slices, weeks.serve, seed) for each in known_baselines(slices)
    }
    risk = baselines[name] if name in baselines else fitted(recipe, slices, weeks.serve, seed)
    known = slices.rows([weeks.serve.calibrate], risk.columns)
    added = risk.scores.contributions(known.features)
    model = ChurnModel(
        seen.task.name,
        recipe.family if name == CHALLENGER else name,
        risk,
        BASELINES.get(name, recipe),
        seen.repurchase,
        baselines,
        reference_of(known, risk.columns, added),
        seen.as_of,
        is_fallback=name in baselines,
        evaluation=evaluation_of(told, recipe.family),
        deciles=deciles(told[name]),
        trials=found.trials,
        provenance=_provenance(seen, seed),
    )
    return Fitted(model, decision, probes, told)


def _probed(seen: Material, seed: int) -> Probes:
    rows = drawn(seen.slices.rows(seen.weeks.serve.train), seen.fewer.most_rows, seed)
    return probe(rows, seen.slices.columns, CANDIDATES[LIGHTGBM], seed)


def _searched(seen: Material, budget: Budget, before: Before, progress: Progress) -> SearchResult:
    """Return the way of fitting that served before, or what is better by the weeks that choose."""
    first = [*([before.champion.recipe] if before.champion else []), *before.recipes]
    usable = [each for each in first if each.family in CANDIDATES and each.columns is None]
    if seen.weeks.choose and budget.trials:
        found = search(seen.fewer, seen.weeks.choose, usable, budget, progress)
        # Families that the time did not suffice for stand by their defaults.
        tried = {each.family for each in found.finalists}
        others = (each for family, each in CANDIDATES.items() if family not in tried)
        return found._replace(finalists=(*found.finalists, *others))
    best = usable[0] if usable else CANDIDATES[LIGHTGBM]
    return SearchResult((best,), pl.DataFrame(schema=TRIALS))


def _provenance(seen: Material, seed: int) -> Provenance:
    weeks, rows = seen.weeks, seen.slices.rows(seen.weeks.serve.train)
    counts = {
        "customers": len(set(rows.owners.tolist())),
        "rows": len(rows.owners),
        "happened": int(rows.happened.sum()),
        "weeks": len(weeks.serve.train),
        "weeks that judged": len(weeks.judge),
    }
    first, last = weeks.serve.train[0], weeks.serve.calibrate
    return Provenance(first, last, counts, seen.digest, seed, seen.version)
