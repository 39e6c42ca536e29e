"""Fit both models of value, hold them against a week that neither has seen, keep the better."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.churn.revenue.gathering import VALUE
from amazing_assets.churn.revenue.hurdle import fit_hurdle, read_by_hurdle
from amazing_assets.churn.revenue.measures import Figures, figures, ranking_gained
from amazing_assets.churn.revenue.model import RevenueModel, told_by_law
from amazing_assets.churn.revenue.registered import BASELINE, CHALLENGER
from amazing_assets.churn.risk.origins import rolling, serving
from amazing_assets.churn.value.forecast import COVERED, Forecast, fit_value
from amazing_assets.churn.value.purchases import orders_of, purchases_of
from amazing_assets.models.promotion import Comparison, Decision, Reason, decide
from amazing_assets.models.provenance import Provenance, data_hash

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from amazing_assets.churn.revenue.hurdle import Hurdle
    from amazing_assets.churn.risk.origins import Origin
    from amazing_assets.churn.value.forecast import ValueModel

# What the challenger may be off by where the law is right: in the level, and in what is covered.
_LEVEL, _COVERAGE = 0.05, 0.05

# Told to happened within which a model may serve.
_RATIOS = 0.8, 1.25

# So much worse than the champion's the ranking may be by chance.
_LOST = 0.02

CHAMPION = "champion"

_TOO_FEW = "Too few customers bought again for trees to learn from."


class Fitted(NamedTuple):
    """A model, and whether it replaces the champion."""

    model: RevenueModel
    decision: Decision


def fit(
    by_date: Mapping[date, pl.DataFrame],
    now: pl.DataFrame,
    as_of: date,
    champion: RevenueModel | None = None,
) -> Fitted:
    """Return the better of both models, and whether it replaces the champion.

    Args:
        by_date: Of `gather`.
        now: `buyers` of the reference date, by whose purchases the law is fitted that serves.
        as_of: The reference date.
        champion: The model in use.

    Raises:
        TooFewPurchasesError: Too few customers bought at all.
    """
    law = law_of(now)
    judging = next(iter(rolling([*by_date], VALUE, folds=1)), None)
    serve = serving([*by_date], VALUE)
    told: dict[str, Forecast] = {}
    hurdle, reason = None, "There are too few weeks whose eight weeks after are known."
    if judging is not None and serve is not None:
        told = _told(by_date, judging, champion)
        reason = _why_law(told, by_date, judging)
        if not reason:
            hurdle = _hurdle(by_date, serve, law)
            reason = "Trees were better on the week that judged." if hurdle else _TOO_FEW
    test = by_date[judging.test] if judging and judging.test else None
    found = {} if test is None else _figures(told, test)
    counts = {"customers": now.height, "weeks": len(by_date)}
    first, last = (min(by_date), max(by_date)) if by_date else (None, None)
    known = Provenance(first, last, counts, digest_of(now), 0, "")
    model = RevenueModel(law, hurdle, as_of, _table(found, judging), reason, known)
    return Fitted(model, _decided(model, found, champion))


def digest_of(now: pl.DataFrame) -> str:
    """Return what tells whether a model was fitted on these `buyers`."""
    return data_hash(now.select("user_id", "repeats", "mean_order_value"))


def law_of(customers: pl.DataFrame) -> ValueModel:
    """Return the law of purchases of `buyers`."""
    return fit_value(purchases_of(customers), orders_of(customers))


def _told(
    by_date: Mapping[date, pl.DataFrame], origin: Origin, champion: RevenueModel | None
) -> dict[str, Forecast]:
    """Return what each model tells of the week that judges, by what was known then."""
    test = by_date[origin.test] if origin.test else pl.DataFrame()
    law = law_of(test)
    told = {BASELINE: told_by_law(law, test)}
    hurdle = _hurdle(by_date, origin, law_of(by_date[origin.calibrate]))
    if hurdle is None:
        return told
    challenger = RevenueModel(law, hurdle, judging_date(origin), pl.DataFrame(), "", _NOBODY)
    told[CHALLENGER] = challenger.forecast(test)
    # A champion that learnt of the week would be asked what it was told.
    if champion is not None and champion.as_of <= judging_date(origin):
        told[CHAMPION] = champion.forecast(test)
    return told


_NOBODY = Provenance(None, None, {}, "", 0, "")


def judging_date(origin: Origin) -> date:
    """Return the week that judges, or where there is none the one that calibrates."""
    return origin.test or origin.calibrate


def _hurdle(by_date: Mapping[date, pl.DataFrame], origin: Origin, law: ValueModel) -> Hurdle | None:
    learnt = [read_by_hurdle(by_date[day], law) for day in origin.train]
    return fit_hurdle(learnt, read_by_hurdle(by_date[origin.calibrate], law))


def _figures(told: Mapping[str, Forecast], test: pl.DataFrame) -> dict[str, Figures]:
    revenue = test["later_revenue"].to_numpy()
    return {name: figures(forecast, revenue) for name, forecast in told.items()}


def _why_law(
    told: Mapping[str, Forecast], by_date: Mapping[date, pl.DataFrame], origin: Origin
) -> str:
    """Return why the law of purchases answers; nothing: the trees do."""
    if CHALLENGER not in told:
        return _TOO_FEW
    test = by_date[judging_date(origin)]
    found, revenue = _figures(told, test), test["later_revenue"].to_numpy()
    law, trees = found[BASELINE], found[CHALLENGER]
    gained, low, _ = ranking_gained(told[CHALLENGER].revenue, told[BASELINE].revenue, revenue)
    if low <= 0:
        return f"Trees do not rank customers better beyond chance (Gini {gained:+.3f})."
    if abs(trees.told_to_happened - 1) > max(_LEVEL, abs(law.told_to_happened - 1)):
        return f"Trees told {trees.told_to_happened:.2f} times what was spent."
    if abs(trees.coverage - COVERED) > max(_COVERAGE, abs(law.coverage - COVERED)):
        return f"The intervals of trees covered {trees.coverage:.0%} of the customers."
    return ""


def _decided(
    model: RevenueModel, found: Mapping[str, Figures], champion: RevenueModel | None
) -> Decision:
    reasons = []
    own = found.get(model.name)
    if own is not None and not _RATIOS[0] <= own.told_to_happened <= _RATIOS[1]:
        reasons.append(Reason("risk_level", {"ratio": own.told_to_happened}))
    if own is not None and CHAMPION in found and found[CHAMPION].gini - own.gini > _LOST:
        lost = found[CHAMPION].gini - own.gini
        reasons.append(Reason("value_ranking_lost", {"lost": lost}))
    return decide(
        Comparison(
            tuple(reasons),
            is_fallback=False,
            champion_is_fallback=None if champion is None else False,
        )
    )


def _table(found: Mapping[str, Figures], origin: Origin | None) -> pl.DataFrame:
    rows = [
        {
            "model": name,
            "week that judged": str(judging_date(origin)) if origin else "",
            "customers": each.customers,
            "told": each.told,
            "happened": each.happened,
            "told_to_happened": each.told_to_happened,
            "coverage": each.coverage,
            "gini": each.gini,
            "error": each.error,
        }
        for name, each in found.items()
    ]
    return pl.DataFrame(rows)
