"""The features of one shard, family by family: seconds, processor seconds and peak memory.

The summaries are written as the lake writes them, a file a month, and read as it reads them. What
several families share is told apart, for whoever comes first would pay for it.

    python -m benchmarks.user_features [CUSTOMERS] [MONTHS]
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from amazing_assets.customers.columns import UTC
from amazing_assets.customers.features.families import FAMILIES, build_features
from amazing_assets.customers.features.history import History
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.summaries import (
    combine_prices,
    summarise_prices,
    summarise_sessions,
    summarise_user_products,
)
from amazing_assets.dates import as_of
from amazing_assets.demo.calendar import month_range
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.events.clean import clean_shard
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.read import read_block
from amazing_assets.landing.names import month_of_file
from amazing_assets.landing.zone import LandedFile

SUMMARIES: dict[str, Callable[[pl.LazyFrame], pl.LazyFrame]] = {
    "sessions": summarise_sessions,
    "user_products": summarise_user_products,
    "price_book": lambda events: combine_prices([summarise_prices(events)]),
}


def clean_events(file: Path, month: str) -> pl.LazyFrame:
    """Read and clean a generated month."""
    blocks = read_blocks(LandedFile.at(file))
    raw = pl.concat(read_block(block, month, "a key for benchmarks")[0] for block in blocks)
    return clean_shard(raw.lazy()).collect().lazy()


def summarised(folder: Path, customers: int, months: int) -> tuple[str, ...]:
    """Write the summaries of a generated shard; return its months."""
    last = date(2020, 4, 1)
    span = month_range(date(2019, 10, 1), last)[-months:]
    truth = generate(folder / "landing", WorldSettings(customers=customers, months=span, seed=1))
    print(f"{customers:,} customers, {months} months, {truth.rows_written:,} events")
    for file in truth.files:
        events = clean_events(file, month_of_file(file.name))
        for name, summarise in SUMMARIES.items():
            made = summarise(events).collect()
            made.write_parquet(folder / f"{name}-{month_of_file(file.name)}.parquet")
    return tuple(month_of_file(file.name) for file in truth.files)


def history(folder: Path, months: tuple[str, ...]) -> History:
    """Return the history that the summaries are, with nothing made yet."""
    sessions, user_products, price_book = (
        pl.scan_parquet([folder / f"{name}-{month}.parquet" for month in months])
        for name in SUMMARIES
    )
    reference = as_of(months[-1])
    prices = price_reference(price_book, reference)
    return History(sessions, user_products, prices, reference, UTC)


def measure(name: str, make: Callable[[], object]) -> None:
    """Print the seconds of a step, and the peak of the process so far."""
    start, busy = time.perf_counter(), time.process_time()
    make()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name:<16}{seconds:7.2f} s {busy:7.2f} s busy {peak:6.2f} GB")


def main() -> None:
    """Measure what is shared, every family, and all of them from the start."""
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 7  # noqa: PLR2004  the second argument
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        months = summarised(folder, customers, number)
        known = history(folder, months)
        measure("customers", lambda: known.customers)
        measure("whole sessions", lambda: known.whole_sessions)
        for family in FAMILIES:
            measure(family.__name__, lambda: family(known).collect(engine="streaming"))  # noqa: B023
        measure("all anew", lambda: build_features(history(folder, months), months))


if __name__ == "__main__":
    main()
