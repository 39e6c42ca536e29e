"""The acceptance rows of the segments: measured against target, three worlds each.

Worlds are generated (12 000 customers, October 2019 to May 2020, snapshot of 1 May 2020), so the
personas are known; none of this is a figure of a real shop. Beside every row stands what the
recipe of the student projects finds on the same customers: counts, money and recency,
standardised, k-means, k by silhouette.

    python -m benchmarks.segments_evaluation [--rows S6 S7] [--seeds 1]
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator

import polars as pl

from benchmarks.acceptance import Result
from benchmarks.segment_chance import one_law, power
from benchmarks.segment_identity import kept_ids, kept_names, newcomers
from benchmarks.segment_rows import (
    easy_personas,
    later_revenue,
    noise,
    real_personas,
    rules,
    under_bots,
)
from benchmarks.student_recipe import side_by_side

SEEDS = (1, 2, 3)

# A row more is a line more.
ROWS: dict[str, tuple[Callable[[int], Iterator[Result]], ...]] = {
    "S1": (easy_personas,),
    "S2": (real_personas,),
    "S4": (under_bots,),
    "S5": (noise,),
    "S6": (kept_ids, kept_names, newcomers),
    "S7": (rules,),
    "S8": (later_revenue,),
    "S9": (one_law,),
    "S10": (power,),
}
COMPARED = "recipe"


def main() -> None:
    """Print the table row by row, then the comparison; fail where a target is missed."""
    asked = arguments().parse_args()
    missed = sum(
        not result.passed
        for seed in asked.seeds
        for row in ROWS
        if row in asked.rows
        for measure in ROWS[row]
        for result in shown(measure(seed))
    )
    if COMPARED in asked.rows:
        with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=3, tbl_width_chars=120):
            print(side_by_side(tuple(asked.seeds)))
    if missed:
        sys.exit(f"{missed} targets missed")


def arguments() -> argparse.ArgumentParser:
    """Return what may be asked: all of it takes a quarter of an hour a seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    rows = (*ROWS, COMPARED)
    parser.add_argument("--rows", nargs="+", choices=rows, default=rows, help="S2 measures S3 too")
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    return parser


def shown(results: Iterator[Result]) -> Iterator[Result]:
    """Print each row as soon as it is measured."""
    start = time.perf_counter()
    for each in results:
        print(
            f"{each.row}  seed {each.seed}  {each.verdict}  {each.check:29} {each.measured:58}"
            f" target {each.target} ({time.perf_counter() - start:.0f} s)",
            flush=True,
        )
        yield each


if __name__ == "__main__":
    main()
