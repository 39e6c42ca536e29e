"""What everything told of the weeks that judge, side by side, and what becomes of a new model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.churn.risk.backtest import backtest
from amazing_assets.churn.risk.gate import objections
from amazing_assets.churn.risk.imbalance import AS_IS, STRATEGIES
from amazing_assets.churn.risk.recipes import BASELINES, Recipe
from amazing_assets.models.probabilities import figures, measured
from amazing_assets.models.promotion import Comparison, Decision, Reason, decide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amazing_assets.churn.risk.backtest import Slices
    from amazing_assets.churn.risk.material import Material
    from amazing_assets.churn.risk.model import ChurnModel
    from amazing_assets.churn.risk.origins import Origin
    from amazing_assets.churn.risk.search import SearchResult
    from amazing_assets.models.probabilities import Told

# What drawing or weighting rows must add to the precision before it is worth its trouble.
_WORTH = 0.005

# Of a fifth and more who did it, or did not, drawing or weighting rows has nothing to mend.
_RARE = 0.2

# What is told of the model that a training came to, beside others under their own names.
CHALLENGER, CHAMPION = "challenger", "champion"

EVALUATION = pl.Schema(
    {
        "model": pl.String,
        "figure": pl.String,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
    }
)


def balanced(recipe: Recipe, seen: Material, seed: int) -> Recipe:
    """Return a recipe with what is best done about few customers doing it: mostly nothing."""
    latest = seen.weeks.choose[-1:]
    if not latest or not _is_rare(seen, latest[0]):
        return recipe
    tried = {
        strategy: measured(backtest(_with(recipe, strategy), seen.fewer, latest, seed))
        for strategy in STRATEGIES
    }
    plain = tried[AS_IS]
    better = [
        strategy
        for strategy, found in tried.items()
        if found["pr_auc"] >= plain["pr_auc"] + _WORTH and found["brier"] <= plain["brier"]
    ]
    best = max(better, key=lambda name: tried[name]["pr_auc"], default=AS_IS)
    return _with(recipe, best)


def _is_rare(seen: Material, origin: Origin) -> bool:
    share = float(seen.slices.rows(origin.train).happened.mean())
    return min(share, 1 - share) < _RARE


def _with(recipe: Recipe, strategy: str) -> Recipe:
    return Recipe(recipe.family, recipe.settings, recipe.columns, strategy)


def known_baselines(slices: Slices) -> tuple[str, ...]:
    """Return the baselines that can be fitted: without purchases nothing is known of them."""
    known = set(slices.columns)
    return tuple(name for name, recipe in BASELINES.items() if known >= set(recipe.columns or ()))


def best_of(found: SearchResult, seen: Material, seed: int) -> Recipe:
    """Return the best finalist of a search by the latest week that chooses, on all rows.

    What learns most of few rows need not learn most of many. Where the search saw all rows it has
    told already.
    """
    latest = seen.weeks.choose[-1:]
    if not latest or len(found.finalists) == 1 or _has_searched_all(found, seen, latest[0]):
        return found.finalists[0]
    return max(
        found.finalists,
        key=lambda each: measured(backtest(each, seen.slices, latest, seed))["pr_auc"],
    )


def _has_searched_all(found: SearchResult, seen: Material, origin: Origin) -> bool:
    tried = set(found.trials.drop_nulls("pr_auc")["family"])
    if not tried >= {each.family for each in found.finalists}:
        return False
    most = seen.fewer.most_rows
    return most is None or len(seen.slices.rows(origin.train).happened) <= most


def told_of(
    recipe: Recipe,
    finalists: Sequence[Recipe],
    champion: ChurnModel | None,
    seen: Material,
    seed: int,
) -> dict[str, Told]:
    """Return what everything told of the weeks that judge.

    The champion is told by its recipe, fitted as the others are: as it stands it has seen them.
    """
    slices, origins = seen.slices, seen.weeks.judge
    recipes = {
        CHALLENGER: recipe,
        **{each.family: each for each in finalists},
        **{name: BASELINES[name] for name in known_baselines(slices)},
    }
    if champion is not None and not champion.is_fallback:
        recipes[CHAMPION] = champion.recipe
    # What is fitted alike is fitted once.
    known = {each.key: each for each in recipes.values()}
    found = {key: backtest(each, slices, origins, seed) for key, each in known.items()}
    return {name: found[each.key] for name, each in recipes.items()}


def decided(told: Mapping[str, Told], champion: ChurnModel | None) -> tuple[Decision, str]:
    """Return what becomes of a model, and the name of what is fitted."""
    baselines = {name: each for name, each in told.items() if name in BASELINES}
    against = objections(told[CHALLENGER], baselines)
    if against:
        best = max(baselines, key=lambda name: measured(baselines[name])["pr_auc"])
        # A baseline of this week is better than one of weeks ago, and nothing beside a model.
        has_model = champion is not None and not champion.is_fallback
        return decide(Comparison(against, (), True, False if has_model else None)), best
    worse: tuple[Reason, ...] = ()
    if CHAMPION in told:
        worse = objections(told[CHALLENGER], {}, told[CHAMPION])
    fallback = None if champion is None else champion.is_fallback
    return decide(Comparison(worse, (), False, fallback)), CHALLENGER


def evaluation_of(told: Mapping[str, Told], family: str) -> pl.DataFrame:
    """Return the figures of everything on the weeks that judged (`EVALUATION`)."""
    # What is done about few customers doing it tells a family from itself.
    names = {CHALLENGER: family, family: f"{family}_as_is"}
    is_same = family in told and told[family] is told[CHALLENGER]
    rows = [
        {"model": names.get(name, name), "figure": figure, **value._asdict()}
        for name, one in told.items()
        if not (is_same and name == family)
        for figure, value in figures(one).items()
    ]
    return pl.DataFrame(rows, schema=EVALUATION)
