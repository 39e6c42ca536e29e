"""Which number of events is chosen from what the experiment found, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from amazing_assets.segments.behaviour.population import EVENT_THRESHOLD
from amazing_assets.segments.threshold.agreement import FEWEST, Agreement


@dataclass(frozen=True)
class ThresholdChoice:
    """The number of events from which a segment is claimed, and why.

    Attributes:
        events: Fewest events in a customer's history.
        reason: One of `REASONS`.
        figures: What speaks for it, by the measures of `EventThreshold`.
        tested: Whether an experiment on these customers chose it.
    """

    events: int
    reason: str
    figures: Mapping[str, float] = field(default_factory=dict)
    tested: bool = False


UNTESTED = ThresholdChoice(EVENT_THRESHOLD, "untested")

# Landis and Koch (1977) call .61 and more substantial.
LEAST_KAPPA, LEAST_LOWER = 0.65, 0.60

# Whoever is left out gets no campaign: nearly all of the revenue must stay.
LEAST_REVENUE = 0.97


class Coverage(NamedTuple):
    """What a threshold would keep; a share is None where there is nothing to keep."""

    events: int
    customers: int
    users_kept: float | None
    events_kept: float | None
    revenue_kept: float | None


def reliable(bin_: Agreement) -> bool | None:
    """Whether the halves of these customers agree well enough; None if they are too few to say."""
    if bin_.customers < FEWEST or bin_.kappa is None or bin_.lower is None:
        return None
    return bin_.kappa >= LEAST_KAPPA and bin_.lower >= LEAST_LOWER


def smallest_reliable(bins: list[Agreement]) -> int | None:
    """Return the events in a half from which on every bin is reliable, or None."""
    found = None
    for each in reversed(bins):
        verdict = reliable(each)
        if verdict is False:
            break
        found = each.at_least if verdict else found
    return found


def choose(halves: list[Agreement], population: pl.DataFrame) -> ThresholdChoice:
    """Return the smallest reliable number of events if it keeps the revenue, else the default."""
    half = smallest_reliable(halves)
    if half is None:
        return default("no_agreement", {"kappa_wanted": LEAST_KAPPA})
    kept = covered(population, 2 * half)
    revenue = 1.0 if kept.revenue_kept is None else kept.revenue_kept
    if revenue < LEAST_REVENUE:
        return default(
            "revenue_lost",
            {
                "reliable_events": 2.0 * half,
                "revenue_kept": revenue,
                "revenue_wanted": LEAST_REVENUE,
            },
        )
    at = next(each for each in halves if each.at_least == half)
    figures = {
        "events_in_half": half,
        "kappa": at.kappa,
        "kappa_lower": at.lower,
        "customers": at.customers,
        "users_kept": kept.users_kept,
        "revenue_kept": revenue,
    }
    known = {name: float(value) for name, value in figures.items() if value is not None}
    return ThresholdChoice(2 * half, "reliable", known, tested=True)


def default(reason: str, figures: Mapping[str, float] | None = None) -> ThresholdChoice:
    """Return the default, which stays because nothing better was shown."""
    return ThresholdChoice(EVENT_THRESHOLD, reason, figures or {})


def covered(population: pl.DataFrame, events: int) -> Coverage:
    """Return what a threshold keeps of customers, events and revenue."""
    inside = pl.col("n_events_history") >= events
    sums = population.select(
        customers=inside.sum(),
        users=inside.mean(),
        events=pl.col("n_events_history").filter(inside).sum() / pl.col("n_events_history").sum(),
        revenue=pl.when(pl.col("total_purchase_value").sum() > 0).then(
            pl.col("total_purchase_value").filter(inside).sum()
            / pl.col("total_purchase_value").sum()
        ),
    ).row(0)
    return Coverage(events, *sums)


def chosen(evidence: pl.DataFrame) -> ThresholdChoice:
    """Return what an `EventThreshold` chose."""
    rows = evidence.filter(experiment="choice")
    head = rows.filter(measure="event_threshold").row(0, named=True)
    figures = rows.filter(pl.col("measure") != "event_threshold").select("measure", "value")
    return ThresholdChoice(
        int(head["value"]), head["reason"], dict(figures.iter_rows()), head["passes"]
    )
