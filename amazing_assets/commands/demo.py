"""`amazing demo`: a small world in a home of its own, run, and held against its truth."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amazing_assets.commands.arguments import (
    CommandError,
    Difficulty,
    Json,
    Months,
    Seed,
    months_of,
)
from amazing_assets.commands.generate import generate_world
from amazing_assets.commands.landed import refuse_other_months
from amazing_assets.commands.outcome import Rows
from amazing_assets.commands.run import outcome_of, run_months, tell_outcome
from amazing_assets.commands.terminal import tell
from amazing_assets.dates import first_day
from amazing_assets.defs.resources.stores import open_lake, open_warehouse
from amazing_assets.demo.agreement import agreements
from amazing_assets.demo.world import WorldSettings
from amazing_assets.lake.key import key_of_lake
from amazing_assets.lake.lock import hold_at_once
from amazing_assets.lake.sharding import shards_of
from amazing_assets.landing.generated import manifest_of
from amazing_assets.landing.origin import origin_of, refuse_real
from amazing_assets.runs.plan import PlannedRun, only_newest_weeks
from amazing_assets.settings import (
    Settings,
    enter_demo_home,
    load_settings,
    pseudonym_key,
    set_for_children,
)
from amazing_assets.warehouse.warehouse import copy_of

# Networks that see 300,000 of the demo's actions twice: all million of them, six times, take longer
# than everything else. The models of risk took 89 of 600 seconds on all rows of all past weeks.
QUICK = {
    "next_action_model": {"most_actions": 300_000, "epochs": 2},
    "churn_models": {"trials": 4, "most_rows": 60_000},
}

# What is said of customers each week is made of the newest nine: after eight of them it is
# known what happened. All thirty took two minutes more. Models learn from the view of every week.
NEWEST, LEARNT_FROM = 9, frozenset({"customer_view"})


def demo(
    *,
    customers: int = 8_000,
    months: Months = "2019-10:2020-04",
    seed: Seed = 7,
    difficulty: Difficulty = "real",
    json: Json = False,
) -> None:
    """Generate a small world in a home of its own, run everything on it, say what was found.

    Its home is the folder `demo` of the home. A demo made before gives way to the new one. What is
    made every week is made of the newest nine weeks.
    """
    wanted = months_of(months)
    enter_demo_home()
    settings = load_settings()
    refuse_other_months(settings, wanted)
    days = tuple(first_day(month) for month in wanted)
    refuse_real(settings.home, settings.lake)
    with only_one(settings.home):
        generate_world(Path(settings.landing), WorldSettings(customers, days, seed, difficulty))
        forget_other_world(settings)
        leave_whole(settings)
        run_months(settings, wanted, "*", retrain=True, adapted=quickly)
        found = outcome_of(settings, wanted) | {
            "Agreement with the planted truth": agreement(settings, wanted[-1])
        }
    tell_outcome(settings, found, as_json=json, opened_by="dev --demo")


def quickly(runs: list[PlannedRun]) -> list[PlannedRun]:
    """Return the runs of a demo: of early weeks only what is learnt from, smaller searches."""
    return [run.configured(QUICK) for run in only_newest_weeks(runs, NEWEST, LEARNT_FROM)]


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Keep a second demo from generating another world while the first is run.

    Raises:
        CommandError: Another process runs the demo of this home.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = hold_at_once(home / "demo.lock")
    if lock is None:
        raise CommandError(f"Another process runs the demo in {home}; wait until it has ended.")
    with lock:
        yield


def forget_other_world(settings: Settings) -> None:
    """Remove what the demo's home made of another world: no table is ever made of two.

    Its key and its reports stay.
    """
    held, landed = origin_of(settings.home, settings.lake), manifest_of(Path(settings.landing))
    if held is None or landed is None or held.world == landed.world:
        return
    # The lake last: it says which world the home was made of, should this be killed.
    for made in (settings.artifacts, settings.dagster_home):
        shutil.rmtree(made, ignore_errors=True)
    # What is set to lie elsewhere is not the demo's: its warehouse is a file.
    warehouse = settings.home / "warehouse.duckdb"
    for file in (settings.home / "mlflow.db", warehouse, copy_of(warehouse)):
        file.unlink(missing_ok=True)
    # A folder: a demo's lake is in its home.
    shutil.rmtree(str(settings.lake))


def leave_whole(settings: Settings) -> None:
    """Have a lake that is begun by the demo be of one shard, unless another number is asked for.

    Of so few customers each of four costs what one does: 40 seconds of 270.
    """
    if settings.shards is None and shards_of(settings.lake) is None:
        set_for_children(AMAZING_SHARDS="1")


def agreement(settings: Settings, month: str) -> Rows:
    """Return how well the segments of a demo agree with the personas that were planted."""
    truth = Path(settings.landing) / "truth" / "customers.parquet"
    lake = open_lake(settings)
    warehouse = open_warehouse(settings.warehouse, tell=tell)
    key = key_of_lake(settings.lake, settings.key_file, pseudonym_key())
    return agreements(truth, lake, warehouse, month, key)
