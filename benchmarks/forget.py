"""Forgetting a thousand of many customers against building them: seconds of both, and their ratio.

Built is what the month's job, statistics, features and views take, by the library alone: no model,
no score. Taken out is the whole pass: lake, files, and the search that proves it. Seconds of the
processor are told as well, for a busy machine tells little else.

    python -m benchmarks.forget [CUSTOMERS] [MONTHS] [FORGOTTEN]
"""

import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

from amazing_assets.cadence import WEEKLY
from amazing_assets.customers.columns import UTC
from amazing_assets.customers.contract import PriceBook, Sessions, UserFeatures, UserProducts
from amazing_assets.customers.snapshot import fill_features, fill_price_book
from amazing_assets.customers.summaries import summarise_sessions, summarise_user_products
from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.customers.view.history import history_task, past_of
from amazing_assets.customers.view.view import fill_view, segments_for
from amazing_assets.dates import week_start
from amazing_assets.demo.calendar import month_range
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import CleanEvents, RawEvents, RejectedEvents
from amazing_assets.events.reading.ingest import ingest
from amazing_assets.events.statistics.describe import describe
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.shard import Query
from amazing_assets.lake.table import Lake
from amazing_assets.landing.names import month_of_file
from amazing_assets.landing.zone import LandedFile
from amazing_assets.next_actions.contract import ActionSequences
from amazing_assets.next_actions.sequences import month_of_sequences
from amazing_assets.privacy.erasure import ask, erase
from amazing_assets.privacy.stores import Stores

KEY = "a key for benchmarks"


def build(lake: Lake, file: Path) -> None:
    """Make the tables of a month, and those of its weeks."""
    month = month_of_file(file.name)
    with (
        lake.draft("raw_events", month, RawEvents) as raw,
        lake.draft("rejected_events", month, RejectedEvents) as rejected,
    ):
        ingest([LandedFile.at(file)], raw, rejected, month=month, key=KEY)
        raw.publish()
        rejected.complete()
        rejected.publish()
    for name, contract, query in (
        ("clean_events", CleanEvents, Query(clean_shard, ("raw_events",), (month,))),
        ("sessions", Sessions, Query(summarise_sessions, ("clean_events",), (month,))),
        (
            "user_products",
            UserProducts,
            Query(summarise_user_products, ("clean_events",), (month,)),
        ),
        ("action_sequences", ActionSequences, month_of_sequences(month)),
    ):
        with lake.draft(name, month, contract) as draft:
            draft.fill(query)
            draft.publish()
    describe(lake, month)
    with lake.draft("price_book", month, PriceBook) as draft:
        fill_price_book(draft, lake, month)
        draft.complete()
        draft.publish()
    with lake.draft("user_features", month, UserFeatures) as draft:
        fill_features(draft, lake, month, UTC)
        draft.publish()
    for week in weeks_of(month):
        with lake.draft("customer_view", week, CustomerView) as draft:
            past = past_of(lake, WEEKLY.as_of(week))
            fill_view(draft, lake, history_task(lake, past, UTC), segments_for(None))
            draft.publish()


def weeks_of(month: str) -> list[str]:
    """Return the weeks that end in a month and began in one of ours."""
    return [week for week in WEEKLY.complete_with(month) if week_start(week) >= date(2019, 10, 1)]


def main(customers: int, months: int, forgotten: int) -> None:
    """Build, forget, and print how they compare."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        span = month_range(date(2019, 10, 1), date(2020, 4, 1))[:months]
        truth = generate(home / "landing", WorldSettings(customers=customers, months=span, seed=1))
        print(f"{customers:,} customers, {months} months, {truth.rows_written:,} rows")
        lake = Lake(home / "lake", 8, LocalEngine())
        begun = now()
        for file in sorted(truth.files, key=lambda each: month_of_file(each.name)):
            build(lake, file)
        built = since(begun)
        landed = pl.concat(
            [pl.scan_csv(file, infer_schema=False).select("user_id") for file in truth.files]
        )
        ids = landed.unique().sort("user_id").collect()["user_id"].cast(pl.Int64, strict=False)
        chosen = ids.drop_nulls().sample(forgotten, seed=1)
        stores = Stores(home, lake, home / "none.duckdb", str(home / "lists"), (home / "landing",))
        begun = now()
        ask(stores, chosen, KEY)
        done = erase(stores, KEY, lambda _: {})
        taken = since(begun)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        rows = sum(done.by_table.values()) if done else 0
        print(f"{forgotten:,} forgotten, {rows:,} rows, peak {peak:.2f} GB")
        for name, build_s, forget_s in zip(("seconds", "processor"), built, taken, strict=True):
            ratio = forget_s / build_s
            print(f"{name}: built in {build_s:.1f}, forgotten in {forget_s:.1f}: {ratio:.3f} of it")


def now() -> tuple[float, float]:
    """Return the clock, and the seconds of the processor."""
    return time.perf_counter(), time.process_time()


def since(begun: tuple[float, float]) -> tuple[float, float]:
    """Return both since a moment."""
    clock, busy = now()
    return clock - begun[0], busy - begun[1]


if __name__ == "__main__":
    asked = [int(each) for each in sys.argv[1:]]
    main(*(*asked, *(20_000, 3, 1_000)[len(asked) :]))
