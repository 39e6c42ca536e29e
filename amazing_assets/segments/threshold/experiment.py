"""From how many events on a segment may be claimed: an experiment on the customers themselves.

Watched on every second visit, a customer should get the segment that the other visits give. The
number of events from which that holds is doubled, for whoever is assigned is seen whole.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from amazing_assets.models.tables import unversioned
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.threshold.agreement import Agreement, by_events
from amazing_assets.segments.threshold.choice import (
    LEAST_REVENUE,
    Coverage,
    ThresholdChoice,
    choose,
    covered,
    default,
    reliable,
)
from amazing_assets.segments.threshold.contract import EventThreshold
from amazing_assets.segments.threshold.resampling import redrawn_jaccards
from amazing_assets.segments.threshold.retest import Watched
from amazing_assets.small_cells import SMALLEST_CELL

COVERED = (1, 3, 5, 8, 10, 15, 20, 30, 50)

# Customers watched in parts: enough for bins of some hundreds, and one shard of a large lake.
CUSTOMERS = 30_000

THINNED = {"quarter": "thinning_25", "odd": "thinning_50", "three_quarters": "thinning_75"}

Row = dict[str, object]


def experiment(
    model: SegmentModel, watched: Watched, population: pl.DataFrame, as_of: date, seed: int
) -> pl.DataFrame:
    """Return `EventThreshold`, unversioned: every figure, and the choice in the last rows.

    Args:
        model: Places the customers, whatever its own threshold.
        watched: Some customers, whole and in parts.
        population: Columns `n_events_history` and `total_purchase_value` of all customers.
        as_of: Reference date of the snapshot.
        seed: Of the resampling.
    """
    halves = retest_agreement(model, watched, seed)
    choice = choose(halves, population)
    rows = [
        *(agreement_row("test_retest", each, passes=reliable(each)) for each in halves),
        *thinning_rows(model, watched, seed),
        *(row for each in told_coverage(population) for row in coverage_rows(each)),
        *refit_rows(model, watched.whole, seed),
    ]
    return table(rows, choice, as_of)


def not_run(reason: str, as_of: date) -> pl.DataFrame:
    """Return `EventThreshold` of an experiment that could not be run: the default, and why."""
    return table([], default(reason), as_of)


def retest_agreement(model: SegmentModel, watched: Watched, seed: int) -> list[Agreement]:
    """Return how far the odd and the even sessions of a customer agree, by events in a half."""
    pair = shared(watched.parts["odd"], watched.parts["even"])
    events = (pair[0]["n_events_history"] + pair[1]["n_events_history"]).to_numpy() / 2
    labels = [model.found.groups(half) for half in pair]
    return by_events(labels[0], labels[1], events, len(model.segments), seed)


def thinning_rows(model: SegmentModel, watched: Watched, seed: int) -> Iterator[Row]:
    """Yield how far a part of the sessions agrees with all of them, by events in the part."""
    for part, name in THINNED.items():
        thin, whole = shared(watched.parts[part], watched.whole)
        events = thin["n_events_history"].to_numpy()
        labels = model.found.groups(thin), model.found.groups(whole)
        for each in by_events(*labels, events, len(model.segments), seed):
            yield agreement_row(name, each)


def shared(one: pl.DataFrame, other: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the customers that both frames have, in one order."""
    both = one.select("user_id").join(other.select("user_id"), on="user_id").sort("user_id")
    return (
        both.join(one, on="user_id", how="left", maintain_order="left"),
        both.join(other, on="user_id", how="left", maintain_order="left"),
    )


def refit_rows(model: SegmentModel, whole: pl.DataFrame, seed: int) -> Iterator[Row]:
    """Yield how far segments found above each threshold are found again in other customers."""
    for events in COVERED:
        customers = whole.filter(pl.col("n_events_history") >= events)
        jaccards = redrawn_jaccards(model, customers, seed)
        for measure, value in (("jaccard_mean", "mean"), ("jaccard_min", "least")):
            yield {
                "experiment": "refit",
                "measure": measure,
                "at_least": events,
                "customers": customers.height,
                "value": getattr(jaccards, value) if jaccards else None,
            }


def agreement_row(name: str, bin_: Agreement, *, passes: bool | None = None) -> Row:
    """Return an agreement as a row."""
    return {
        "experiment": name,
        "measure": "kappa",
        "at_least": bin_.at_least,
        "below": bin_.below,
        "customers": bin_.customers,
        "value": bin_.kappa,
        "lower": bin_.lower,
        "passes": passes,
    }


def told_coverage(population: pl.DataFrame) -> list[Coverage]:
    """Return what thresholds would keep, but for those that tell on fewer than 20 customers.

    Between two thresholds lies their difference, and below the first what is missing to all.
    """
    told, above = [], 0
    for events in reversed(COVERED):
        coverage = covered(population, events)
        between, below = coverage.customers - above, population.height - coverage.customers
        if not any(0 < part < SMALLEST_CELL for part in (between, below)):
            told.append(coverage)
            above = coverage.customers
    return told[::-1]


def coverage_rows(coverage: Coverage) -> Iterator[Row]:
    """Yield a coverage as rows."""
    for measure in ("users_kept", "events_kept", "revenue_kept"):
        value = getattr(coverage, measure)
        # Whether a threshold is refused for the revenue; customers and events are only told.
        passes = None if measure != "revenue_kept" or value is None else value >= LEAST_REVENUE
        yield {
            "experiment": "coverage",
            "measure": measure,
            "at_least": coverage.events,
            "customers": coverage.customers,
            "value": value,
            "passes": passes,
        }


def table(rows: list[Row], choice: ThresholdChoice, as_of: date) -> pl.DataFrame:
    """Return the rows and the choice as `EventThreshold`, without the version of the model."""
    told = [{**row, "as_of": as_of} for row in (*rows, *choice_rows(choice))]
    few = pl.col("customers") < SMALLEST_CELL
    figures = ("customers", "value", "lower")
    return pl.DataFrame(told, schema=unversioned(EventThreshold)).with_columns(
        pl.when(~few.fill_null(value=False)).then(pl.col(figures))
    )


def choice_rows(choice: ThresholdChoice) -> Iterator[Row]:
    """Yield a choice as rows, for `chosen`: the number of events, then what speaks for it."""
    yield {
        "experiment": "choice",
        "measure": "event_threshold",
        "value": float(choice.events),
        "passes": choice.tested,
        "reason": choice.reason,
    }
    for name, value in choice.figures.items():
        yield {"experiment": "choice", "measure": name, "value": value}
