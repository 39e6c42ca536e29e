"""A month from landing to summaries, against bare polars, in one run.

The yardstick is what a user would pick instead for the first step alone:
`polars.scan_csv(month).sink_parquet(...)`: no typed cents, no rejects, no pseudonyms, no
shards, no deduplication, no summaries. Both are whole processes; seconds are the best of three,
peak memory is the worst.

    python benchmarks/landing_to_summaries.py [EVENTS]
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from amazing_assets.demo.world import WorldSettings, generate

ROUNDS = 3
MOST_TIMES_THE_SECONDS, MOST_GIGABYTES = 6.0, 1.5

# The month holds planted dirt, at which the bare call would stop: it is told to lose those rows.
BARE = """
import sys, polars as pl
dirty = {"ignore_errors": True, "truncate_ragged_lines": True}
pl.scan_csv(sys.argv[1], **dirty).sink_parquet(sys.argv[2])
"""
SUMMARIES = (
    "key:raw_events or key:clean_events or key:sessions or key:user_products or key:price_book"
)
OURS = ["run", "--months", "2019-10", "--select", SUMMARIES, "--json"]

# 8 000 customers of the demo make 100 000 to 190 000 events a month, October the fewest.
CUSTOMERS_A_MILLION = 43_000


def measure(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds and the peak gigabytes of a whole process."""
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 2**20


def world(landing: Path, events: int) -> Path:
    """Generate a month of about so many events."""
    customers = max(1, events * CUSTOMERS_A_MILLION // 1_000_000)
    settings = WorldSettings(customers=customers, months=(date(2019, 10, 1),), seed=1)
    start = time.perf_counter()
    truth = generate(landing, settings)
    seconds = time.perf_counter() - start
    print(f"generated {truth.rows_written:,} events in {seconds:.1f} s")
    return next(landing.glob("2019-Oct.csv*"))


def main() -> None:
    """Measure both, print the ratios, fail above the targets."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        file = world(landing, events)
        python = dict(os.environ)  # noqa: TID251  handed on to the measured processes
        bare, ours = [], []
        for number in range(ROUNDS):
            home = Path(folder) / f"home{number}"
            place = python | {"AMAZING_HOME": str(home), "AMAZING_LANDING": str(landing)}
            sink = str(Path(folder) / "bare.parquet")
            bare.append(measure([sys.executable, "-c", BARE, str(file), sink], python))
            ours.append(measure([sys.executable, "-m", "amazing_assets", *OURS], place))
    seconds = [min(run[0] for run in runs) for runs in (bare, ours)]
    memory = [max(run[1] for run in runs) for runs in (bare, ours)]
    ratio = seconds[1] / seconds[0]
    print(f"bare polars  {seconds[0]:6.1f} s  {memory[0]:5.2f} GB")
    print(f"amazing run  {seconds[1]:6.1f} s  {memory[1]:5.2f} GB")
    print(f"ratio        {ratio:6.2f} x  (target at most {MOST_TIMES_THE_SECONDS:.0f} x)")
    if ratio > MOST_TIMES_THE_SECONDS or memory[1] > MOST_GIGABYTES:
        sys.exit("slower or larger than the target")


if __name__ == "__main__":
    main()
