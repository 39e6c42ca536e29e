"""What customers will spend, told and then lived, on worlds whose rates are known.

    python -m benchmarks.value [CUSTOMERS SEEDS]

Three worlds: customers as the law of purchases has them; customers of four kinds; and customers of
the law whose visits tell who has left, which purchases do not. Of each the model that serves.
"""

import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from amazing_assets.churn.revenue.measures import figures
from amazing_assets.churn.revenue.model import told_by_law
from amazing_assets.churn.revenue.training import fit
from amazing_assets_tests.churn.revenue.buyers import AS_OF, frame_of, weeks
from amazing_assets_tests.churn.value.shoppers import shop, shop_of_groups

WEEKS = 24

WORLDS = {
    "law": (shop, False),
    "four kinds": (shop_of_groups, False),
    "visits tell": (shop, True),
}

# What each world has to come to.
LEVEL, COVERAGE = 0.05, (0.75, 0.85)


class Row(NamedTuple):
    """What the model that serves came to in a world."""

    world: str
    seed: int
    serves: str
    told_to_happened: float
    coverage: float
    gini: float
    gini_of_law: float
    seconds: float


def measured(customers: int, seeds: int) -> Iterator[Row]:
    """Yield a row for each world and seed."""
    for world, (make, sees) in WORLDS.items():
        for seed in range(seeds):
            began = time.perf_counter()

            def made(count: int, seed_of_week: int = 0, *, more: int = seed, make=make):  # type: ignore[no-untyped-def]  # noqa: ANN202, ANN001
                return make(count, seed=1_000 * more + seed_of_week)

            past = weeks(
                WEEKS,
                customers,
                lambda count, seed, made=made: made(count, seed),
                sees_who_stays=sees,
            )
            now = frame_of(made(4 * customers, 999), sees_who_stays=sees)
            model = fit(past, now, AS_OF).model
            revenue = now["later_revenue"].to_numpy()
            found, law = (
                figures(told, revenue)
                for told in (model.forecast(now), told_by_law(model.law, now))
            )
            yield Row(
                world,
                seed,
                model.name,
                found.told_to_happened,
                found.coverage,
                found.gini,
                law.gini,
                time.perf_counter() - began,
            )


def main() -> None:
    """Measure, print, and fail where a target is missed."""
    customers, seeds = (int(each) for each in (*sys.argv[1:3], 4_000, 3)[:2])
    rows = pl.DataFrame(list(measured(customers, seeds)))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=140):
        print(rows)
    means = rows.group_by("world").agg(pl.col("told_to_happened", "coverage").mean())
    missed = means.filter(
        (pl.col("told_to_happened") - 1).abs().gt(LEVEL) | ~pl.col("coverage").is_between(*COVERAGE)
    )
    if missed.height or (rows["gini"] < rows["gini_of_law"] - 0.005).any():
        sys.exit(f"A target is missed: {missed.to_dicts()}")


if __name__ == "__main__":
    main()
