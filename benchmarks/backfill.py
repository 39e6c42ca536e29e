"""Two backfills of seven months, launched as the page does, with Dagster's daemon as it comes.

Says how long they took, how often each asset was made each month, and whether the tables of the
second equal those of the first. Needs no network; some ten minutes on two cores.

    python -m benchmarks.backfill [CUSTOMERS]
"""

import sys
import tempfile
import time
from pathlib import Path

from polars.testing import assert_frame_equal

from amazing_assets.dates import first_day, months_between
from amazing_assets.defs.triggers.jobs import MONTHLY
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets_tests.daemon.platform import NEVER, Platform
from amazing_assets_tests.daemon.scratch import TABLES, table_of

MONTHS = months_between("2019-10", "2020-04")
ASSETS = (*MONTHLY, "event_statistics", "user_features", "segment_model", "segment_assignments")
COMPARED = (*TABLES, "segment_assignments")
AN_HOUR = 3600


def backfill(platform: Platform) -> dict[tuple[str, str | None, str], int]:
    """Run one to its end, and tell what it took."""
    begin = time.perf_counter()
    platform.backfill(ASSETS, MONTHS)
    platform.settle(AN_HOUR)
    made = platform.new_runs()
    wrong = {run: times for run, times in made.items() if times > 1 or run[2] != "SUCCESS"}
    ours = [run for run in made if run[1] in MONTHS]
    print(
        f"{time.perf_counter() - begin:.0f} s, {len(ours)} months of assets made once, "
        f"{made['segment_model', None, 'SUCCESS']} models, "
        f"{sum(1 for _, month, _ in made if month and month not in MONTHS)} later months left "
        f"empty, {wrong or 'nothing'} failed or made twice"
    )
    return made


def main(customers: int) -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Platform(Path(folder), settle_seconds=NEVER, daemon="dagster._daemon") as platform,
    ):
        days = tuple(first_day(month) for month in MONTHS)
        generate(Path(platform.place.root), WorldSettings(customers=customers, months=days))
        backfill(platform)
        first = {(t, m): table_of(platform, t, m) for t in COMPARED for m in MONTHS}
        backfill(platform)
        for (table, month), frame in first.items():
            again = table_of(platform, table, month)
            assert_frame_equal(again, frame, abs_tol=1e-12, rel_tol=1e-12)
        print(f"{len(first)} tables of a month are equal after both")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
