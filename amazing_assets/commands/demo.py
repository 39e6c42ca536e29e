"""`amazing demo`: a small world in a home of its own, run, and held against its truth."""

from pathlib import Path

from amazing_assets.commands.arguments import Difficulty, Json, Months, Seed, months_of
from amazing_assets.commands.generate import generate_world
from amazing_assets.commands.outcome import Rows
from amazing_assets.commands.run import outcome_of, refuse_other_months, run_months, tell_outcome
from amazing_assets.dates import first_day
from amazing_assets.demo.agreement import agreements
from amazing_assets.demo.world import WorldSettings
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.key import key_of_lake
from amazing_assets.lake.table import Lake
from amazing_assets.settings import Settings, enter_demo_home, load_settings, pseudonym_key
from amazing_assets.warehouse.duckdb import DuckDBWarehouse


def demo(
    *,
    customers: int = 8_000,
    months: Months = "2019-10:2020-04",
    seed: Seed = 7,
    difficulty: Difficulty = "real",
    json: Json = False,
) -> None:
    """Generate a small world in a home of its own, run everything on it, say what was found.

    Its home is the folder `demo` of the home. A demo made before gives way to the new one.
    """
    wanted = months_of(months)
    enter_demo_home()
    settings = load_settings()
    refuse_other_months(settings, wanted)
    days = tuple(first_day(month) for month in wanted)
    generate_world(Path(settings.landing), WorldSettings(customers, days, seed, difficulty))
    run_months(settings, wanted, "*", retrain=True)
    found = outcome_of(settings, wanted) | {
        "Agreement with the planted truth": agreement(settings, wanted[-1])
    }
    tell_outcome(settings, found, as_json=json, opened_by="dev --demo")


def agreement(settings: Settings, month: str) -> Rows:
    """Return how well the segments of a demo agree with the personas that were planted."""
    truth = Path(settings.landing) / "truth" / "customers.parquet"
    lake = Lake(settings.lake, settings.shards, LocalEngine())
    warehouse = DuckDBWarehouse(settings.warehouse)
    key = key_of_lake(settings.lake, settings.key_file, pseudonym_key())
    return agreements(truth, lake, warehouse, month, key)
