"""C4: how well it is foretold in a shop of one's own who buys no more and who stays away.

    python -m benchmarks.churn_of_a_home HOME 2020-04-21 [TRIALS]

Of the weeks of `customer_view` that a home holds, as they were known at the end of the week that is
named: `cancel` within 14 days, as in the RecSys Challenge 2025 (.74 was its plateau), `cancel` and
`pause` as the platform foretells them. Every figure with its interval and its customers, beside
every baseline. Above .85 a review for leakage is due, and the command fails.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from amazing_assets.cadence import WEEKLY
from amazing_assets.churn.outcomes import CANCEL, PAUSE, TASKS, Task
from amazing_assets.churn.risk.gathering import gather
from amazing_assets.churn.risk.leakage import to_review
from amazing_assets.churn.risk.material import TooLittleHistoryError, TrainingSettings, material
from amazing_assets.churn.risk.search import Budget
from amazing_assets.churn.risk.training import Before, learn
from amazing_assets.customers.snapshot import version_of_features
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.models.probabilities import figures

# Expected of real shops; what is missed is told, for figures of a shop are what they are.
EXPECTED = {"cancel within 14 days": 0.72, PAUSE: 0.78}

OF_TWO_WEEKS = Task(CANCEL, 14, is_event=False, next_days="days_to_purchase")


def told(lake: Lake, week: str, trials: int) -> Iterator[str]:
    """Print what each question comes to, and yield what has to be reviewed."""
    settings = TrainingSettings(Budget(trials))
    version = version_of_features(lake, "customer_view", week) or ""
    seen = gather(lake, WEEKLY.as_of(week), version, settings.most_rows)
    own = {task.name: task for task in TASKS if task.name in {CANCEL, PAUSE}}
    for name, task in {"cancel within 14 days": OF_TWO_WEEKS, **own}.items():
        try:
            known = material(seen, task, settings)
        except TooLittleHistoryError as little:
            print(f"{name}: {little}")
            continue
        fitted = learn(known, settings.budget, Before())
        days = [str(origin.test) for origin in known.weeks.judge]
        rows = fitted.told["challenger"]
        print(f"{name}: {len(rows.happened):,} rows of {', '.join(days)}; {fitted.model.name}")
        for model, said in fitted.told.items():
            found = figures(said)
            shown = ("prevalence", "roc_auc", "pr_auc", "lift_10", "ece", "told_to_happened")
            parts = [
                f"{k} {found[k].value:.3f} [{found[k].low:.3f}, {found[k].high:.3f}]" for k in shown
            ]
            print(f"  {model:12} " + "  ".join(parts))
        if name in EXPECTED:
            print(f"  expected of a real shop: an AUC of {EXPECTED[name]}")
        if sentence := to_review(fitted.model, fitted.probes):
            yield f"{name}: {sentence}"


def main() -> None:
    """Measure a home; fail if a figure is too good to be true."""
    home, week, *trials = sys.argv[1:]
    lake = Lake(Path(home) / "lake", None, LocalEngine())
    if found := list(told(lake, week, int(trials[0]) if trials else 15)):
        sys.exit("; ".join(found))


if __name__ == "__main__":
    main()
