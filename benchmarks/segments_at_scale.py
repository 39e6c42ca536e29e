"""Segments of many customers: 300 thousand trained on, a million placed, time and memory.

Customers are drawn from planted personas straight as features, which is all that either needs.

    python -m benchmarks.segments_at_scale [TRAINED PLACED]
"""

import resource
import sys
import time

import polars as pl

from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.past import Before
from amazing_assets_tests.segments.personas import personas, user_features

TRAINED, PLACED = 300_000, 1_000_000
MOST_TRAINING_SECONDS, MOST_PLACING_SECONDS, MOST_GIGABYTES = 900, 60, 2.0


def customers(number: int, sample: int) -> pl.DataFrame:
    """Return the features of so many customers."""
    return user_features(personas(number, sample=sample)[0], seed=sample)


def gigabytes() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def told(done: int, total: int, text: str) -> None:
    """Show progress on one line."""
    print(f"\r{done:4} of {total}  {text:50}", end="", flush=True)


def main() -> None:
    """Train, place, print, fail above the targets."""
    trained, placed = map(int, sys.argv[1:3] or (TRAINED, PLACED))
    now, before = customers(trained, 0), customers(trained, 1)
    start, work = time.perf_counter(), time.process_time()
    model = SegmentModel.fit(now, progress=told, before=Before(before))
    training, worked = time.perf_counter() - start, time.process_time() - work
    print(f"\n{len(model.segments)} segments by {model.found.candidate}")
    print(f"training {trained:,}: {training:.0f} s ({worked:.0f} s of CPU), {gigabytes():.2f} GB")
    del now, before
    many = customers(placed, 2)
    start = time.perf_counter()
    assigned = model.place(many)
    placing = time.perf_counter() - start
    print(f"placing {assigned.height:,}: {placing:.1f} s, {gigabytes():.2f} GB at most in all")
    if training > MOST_TRAINING_SECONDS or placing > MOST_PLACING_SECONDS:
        sys.exit("slower than the target")
    if gigabytes() > MOST_GIGABYTES:
        sys.exit("larger than the target")


if __name__ == "__main__":
    main()
