"""What the weeks of a shop cost through Dagster: one of a large shop, or thirty of a small one.

    python -m benchmarks.weeks large [CUSTOMERS] [WEEKS]
    python -m benchmarks.weeks run HOME 2019-10:2020-04 [ASSETS [CONFIGURATION]]

`large` generates a shop of so many customers (300,000), makes its months and so many weeks before
the last (20), and measures the last, each step a process of its own: the view beside that shop's
`user_features` of a month, the search beside its budget, the scores. It goes on where it was
stopped, in `.amazing/bench`. `run` makes the weeks of months of a home in one process, and prints a
line of JSON for each: seconds, seconds of the processor, GB. Assets are separated by commas, the
configuration is JSON such as `{"churn_models": {"trials": 4}}`.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from amazing_assets.dates import months_between, week_end, weeks_ending_in
from benchmarks import steps
from benchmarks.measured import Cost, measure

CUSTOMERS, WEEKS = 300_000, 20
MONTHS = months_between("2019-10", "2020-04")

VIEW, MODELS, SCORES = "customer_view", "churn_models", "churn_scores"

# What the process that searches leaves for the one that prints.
SEARCHED = Path(".amazing/bench/searched.txt")

# All that is made of a week.
OF_A_WEEK = (
    VIEW,
    MODELS,
    SCORES,
    "churn_feedback",
    "customer_value",
    "contact_lists",
    "next_action_vectors",
    "next_action_probabilities",
)

MOST_OF_FEATURES, MOST_SCORING_SECONDS, MOST_GIGABYTES = 0.5, 60, 2.0


def made(
    weeks: Iterable[str],
    assets: Iterable[str],
    config: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
) -> Iterator[dict[str, object]]:
    """Make some assets of weeks, one after the other, in this process; yield what each took."""
    # Imported here: the definitions are those of the home that the variables name.
    from dagster import AssetKey  # noqa: PLC0415

    from amazing_assets.runs.execute import execute  # noqa: PLC0415
    from amazing_assets.runs.instance import open_instance  # noqa: PLC0415
    from amazing_assets.runs.plan import PlannedRun  # noqa: PLC0415
    from amazing_assets.settings import load_settings  # noqa: PLC0415

    keys = tuple(AssetKey(name) for name in assets)
    with open_instance(load_settings()) as instance:
        for week in weeks:
            start, busy = time.perf_counter(), time.process_time()
            execute([PlannedRun(keys, week).configured(config)], instance, lambda _: None)
            yield {
                "week": week,
                "seconds": round(time.perf_counter() - start, 2),
                "cpu": round(time.process_time() - busy, 2),
                "gigabytes": round(held(), 3),
            }


def held() -> float:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**30


def own(week: str, asset: str) -> list[str]:
    """Return the command that makes one asset of a week."""
    return [sys.executable, "-m", "benchmarks.weeks", "make", week, asset]


def large(customers: int = CUSTOMERS, weeks: int = WEEKS) -> list[str]:
    """Print what a week of a large shop takes; return what missed its target."""
    folder = Path(".amazing/bench") / f"weeks-{customers}"
    home, landing = folder / "home", folder / "landing"
    world = steps.home(home.resolve(), landing.resolve())
    if not (folder / "months").exists():
        generate = [sys.executable, "-m", "amazing_assets", "generate", "--to", str(landing)]
        span = f"{MONTHS[0]}:{MONTHS[-1]}"
        measure([*generate, "--customers", str(customers), "--months", span], world)
        measure(steps.run(MONTHS, steps.TO_SUMMARIES), world)
        (folder / "months").touch()
    known = [week for month in MONTHS for week in weeks_ending_in(month) if week >= MONTHS[0]]
    *before, last = known[-weeks - 1 :]
    for week in before:
        if not (folder / week).exists():
            told(f"{VIEW} {week}", measure(own(week, VIEW), world))
            (folder / week).touch()
    features = measure(steps.run(MONTHS[-1:], steps.STEPS[steps.FEATURES]), world)
    told(f"{steps.FEATURES} {MONTHS[-1]}", features)
    found = {asset: measure(own(last, asset), world) for asset in (VIEW, MODELS, SCORES)}
    for asset, cost in found.items():
        told(f"{asset} {last}", cost)
    print(SEARCHED.read_text())
    print(f"the view takes {found[VIEW].seconds / features.seconds:.2f} of {steps.FEATURES}")
    return missed(found, features)


def missed(found: dict[str, Cost], features: Cost) -> list[str]:
    """Return which targets the steps of a week missed."""
    slow = found[VIEW].seconds > MOST_OF_FEATURES * features.seconds
    late = found[SCORES].seconds > MOST_SCORING_SECONDS
    many = [name for name, cost in found.items() if cost.gigabytes > MOST_GIGABYTES]
    return [
        *[f"the view takes more than {MOST_OF_FEATURES} of {steps.FEATURES}"] * slow,
        *[f"{SCORES} take more than {MOST_SCORING_SECONDS} s"] * late,
        *(f"{name} takes more than {MOST_GIGABYTES} GB" for name in many),
    ]


def told(what: str, cost: Cost) -> None:
    """Print what something took."""
    print(f"{what:32}{cost.seconds:8.1f} s {cost.gigabytes:6.2f} GB", flush=True)


def searched(as_of: date) -> Iterator[str]:
    """Yield a line for each question on what its search took."""
    from amazing_assets.churn.risk.publication import known_at, read_version  # noqa: PLC0415
    from amazing_assets.churn.risk.registered import CHURN_MODELS  # noqa: PLC0415
    from amazing_assets.runs.execute import models_of  # noqa: PLC0415
    from amazing_assets.settings import load_settings  # noqa: PLC0415

    for task, model in CHURN_MODELS.items():
        store = models_of(load_settings(), model)
        if version := known_at(store, as_of):
            trials = read_version(store, version).trials
            yield f"  search of {task}: {trials.height} trials, {trials['seconds'].sum():.1f} s"


def main() -> None:
    """Run what the arguments name; fail if a target is missed."""
    mode, *given = sys.argv[1:] or ["large"]
    if mode == "large":
        if found := large(*map(int, given)):
            sys.exit("; ".join(found))
        return
    place, what, *more = given
    weeks, config = [place], json.loads(more[1]) if more[1:] else {}
    names: tuple[str, ...] = (what,)
    if mode == "run":
        os.environ["AMAZING_HOME"] = place  # noqa: TID251  of the definitions that it loads
        weeks = [w for month in months_between(*what.split(":")) for w in weeks_ending_in(month)]
        names = tuple(more[0].split(",")) if more else OF_A_WEEK
    for line in made([week for week in weeks if week >= MONTHS[0]], names, config):
        print(json.dumps(line), flush=True)
    if names == (MODELS,):
        SEARCHED.write_text("\n".join(searched(week_end(place))))


if __name__ == "__main__":
    main()
