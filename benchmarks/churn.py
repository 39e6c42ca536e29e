"""Who will pause, in shops whose customers come and leave at known rates.

    python -m benchmarks.churn [CUSTOMERS WEEKS SEEDS]

The whole of a week's training, searched, in shops where what can be known has a closed form: beside
every baseline (C1), where nobody differs (C2), and where customers come so rarely that twice as
many pause (C3). Ends with a failure if a target is missed.
"""

import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from amazing_assets.churn.risk.alerts import LEVEL, alerts
from amazing_assets.churn.risk.backtest import Slices
from amazing_assets.churn.risk.contract import ChurnFeedback
from amazing_assets.churn.risk.gathering import Gathered
from amazing_assets.churn.risk.material import Material, TrainingSettings, material
from amazing_assets.churn.risk.search import Budget
from amazing_assets.churn.risk.training import Before, Fitted, learn
from amazing_assets.lake.contract import schema_of
from amazing_assets.models.probabilities import Told, figures, measured
from amazing_assets_tests.churn.risk.planted import HORIZON, TASK, planted
from benchmarks.acceptance import Result

BUDGET = Budget(trials=15, seconds=60)

_BOUGHT = {"user_id": pl.Int64, "repeats": pl.Int64, "recency_weeks": float, "age_weeks": float}


def main() -> None:
    """Train in every shop and print what was reached beside its target."""
    customers, weeks, seeds = map(int, sys.argv[1:] or (16_000, 20, 3))
    found = [
        result
        for seed in range(1, seeds + 1)
        for result in (
            *known_rates(customers, weeks, seed),
            *everybody_alike(customers, weeks, seed),
            *coming_rarely(customers, weeks, seed),
        )
    ]
    missed = [result.check for result in found if not result.passed]
    if missed:
        sys.exit("Missed: " + "; ".join(missed))


def trained(slices: Slices, budget: Budget = BUDGET) -> tuple[Material, Fitted]:
    """Return what a week's training comes to at the end of the last slice's days."""
    as_of = max(slices.by_date) + timedelta(days=HORIZON)
    nothing = pl.DataFrame(schema=_BOUGHT)
    bought = dict.fromkeys(slices.by_date, nothing)
    seen = material(Gathered(slices.by_date, bought, as_of, "2"), TASK, TrainingSettings(budget))
    return seen, learn(seen, budget, Before())


def known_rates(customers: int, weeks: int, seed: int) -> Iterator[Result]:
    """C1: how much of what can be known at all is told."""
    began = time.monotonic()
    seen, fitted = trained(planted(customers, weeks, seed))
    seconds = time.monotonic() - began
    told = {name: figures(each) for name, each in fitted.told.items()}
    rows = seen.slices.asked(origin.test for origin in seen.weeks.judge if origin.test)
    mine = fitted.told["challenger"]
    ceiling = measured(Told(rows["bayes"].to_numpy(), mine.happened, mine.owners))
    for name, each in told.items():
        _say(f"{name:12} " + "  ".join(f"{k} {v.value:.3f}" for k, v in each.items()))
    _say("bayes        " + "  ".join(f"{name} {value:.3f}" for name, value in ceiling.items()))
    _say(f"{fitted.model.name}, {fitted.decision.outcome}, {seconds:.0f} s for {BUDGET}")
    own = {name: figure.value for name, figure in told["challenger"].items()}
    recency = told["recency"]["roc_auc"].value
    gap = (own["roc_auc"] - recency) / (ceiling["roc_auc"] - recency)
    yield _at_least("C1 AUC", seed, own["roc_auc"], 0.82)
    yield _at_least("C1 AUC above recency", seed, own["roc_auc"] - recency, 0.05)
    yield _at_least("C1 of the gap to what can be known", seed, gap, 0.7)
    yield _at_least("C1 lift at a tenth", seed, own["lift_10"], 3.2)
    yield _between("C1 ECE", seed, own["ece"], (0.0, 0.02))
    yield _between("C1 told to happened", seed, own["told_to_happened"], (0.95, 1.05))
    yield _between("C1 AUC of shuffled outcomes", seed, fitted.probes.shuffled, (0.48, 0.52))


def everybody_alike(customers: int, weeks: int, seed: int) -> Iterator[Result]:
    """C2: where nobody differs nothing is told apart, and a baseline serves."""
    _, fitted = trained(planted(customers, weeks, seed, signal=False), BUDGET._replace(trials=5))
    auc = measured(fitted.told["challenger"])["roc_auc"]
    yield _between("C2 AUC where everybody is alike", seed, auc, (0.48, 0.52))
    yield _at_least("C2 a baseline serves", seed, float(fitted.model.is_fallback), 1.0)


def coming_rarely(customers: int, weeks: int, seed: int) -> Iterator[Result]:
    """C3: twice as many pause; the first week of which it is known says so."""
    slices = planted(customers, weeks + 5, seed, rarer_from=weeks + 4)
    dates = sorted(slices.by_date)
    before = {day: slices.by_date[day] for day in dates[:-5]}
    _, fitted = trained(Slices(TASK, before, slices.fewest_events), Budget(trials=0))
    later = Slices(TASK, {dates[-1]: slices.by_date[dates[-1]]}, slices.fewest_events)
    rows = later.rows([dates[-1]], fitted.model.risk.columns)
    risk = fitted.model.risk
    told = Told(risk.calibration.apply(risk.scores(rows.features)), rows.happened, rows.owners)
    known = measured(told)
    of_week = [
        {
            "model": "served",
            "population": "everybody",
            "figure": name,
            "item": None,
            "value": value,
        }
        for name, value in known.items()
    ]
    nothing = pl.DataFrame(schema=schema_of(ChurnFeedback))
    raised = [row["item"] for row in alerts(fitted.model, of_week, nothing)]
    usual = fitted.model.reference.happened
    _say(f"paused {usual:.3f} before, {known['prevalence']:.3f} after; alerts: {raised}")
    yield _between("C3 told to happened", seed, known["told_to_happened"], (0.0, 0.8))
    yield _at_least("C3 alert in the first week that is known", seed, float(LEVEL in raised), 1.0)


def _at_least(check: str, seed: int, value: float, target: float) -> Result:
    return _result(check, seed, value, f"at least {target:g}", passed=value >= target)


def _between(check: str, seed: int, value: float, target: tuple[float, float]) -> Result:
    low, high = target
    return _result(check, seed, value, f"{low:g} to {high:g}", passed=low <= value <= high)


def _result(check: str, seed: int, value: float, target: str, *, passed: bool) -> Result:
    found = Result("churn", check, seed, f"{value:.3f}", target, passed)
    _say(f"{'kept' if passed else 'MISSED':6} seed {seed}  {check}: {value:.3f} ({target})")
    return found


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
