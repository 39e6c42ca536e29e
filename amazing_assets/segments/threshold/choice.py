"""Which number of events is chosen from what the experiment found, and why, in words."""

from math import floor
from typing import NamedTuple

import polars as pl

from amazing_assets.segments.behaviour.population import EVENT_THRESHOLD
from amazing_assets.segments.threshold.agreement import FEWEST, Agreement


class Choice(NamedTuple):
    """The number of events from which a segment is claimed, and why.

    Attributes:
        events: Fewest events in a customer's history.
        english: The reason in words.
        french: The same in French.
        tested: Whether an experiment on these customers chose it.
    """

    events: int
    english: str
    french: str
    tested: bool = False


UNTESTED = Choice(
    EVENT_THRESHOLD,
    f"The default of {EVENT_THRESHOLD} events: no experiment on these customers was run.",
    f"La valeur par défaut de {EVENT_THRESHOLD} actions : aucune expérience n'a été faite sur ces "
    "clients.",
)

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


def choose(halves: list[Agreement], population: pl.DataFrame) -> Choice:
    """Return the smallest reliable number of events if it keeps the revenue, else the default."""
    half = smallest_reliable(halves)
    if half is None:
        return default(
            "no number of events makes the two halves of customers agree well enough "
            f"(kappa {LEAST_KAPPA}).",
            "aucun nombre d'actions ne suffit pour que les deux moitiés des clients concordent "
            f"(kappa {comma(LEAST_KAPPA)}).",
        )
    kept = covered(population, 2 * half)
    revenue = 1.0 if kept.revenue_kept is None else kept.revenue_kept
    if revenue < LEAST_REVENUE:
        # Cut off, not rounded: 96.96 % would read as the 97.0 % that are wanted.
        kept_at_least = floor(revenue * 1000) / 1000
        return default(
            f"{2 * half} events would be reliable but keep {kept_at_least:.1%} of the revenue, "
            f"{LEAST_REVENUE:.0%} are wanted.",
            f"{2 * half} actions seraient fiables mais ne gardent que {percent(kept_at_least)} du "
            f"chiffre d'affaires, il en faut {percent(LEAST_REVENUE, 0)}.",
        )
    at = next(each for each in halves if each.at_least == half)
    users = kept.users_kept or 0.0
    return Choice(
        2 * half,
        f"{2 * half} events: from {half} events in each half of their visits on, customers get the "
        f"same segment from either half (kappa {at.kappa:.2f}, at least {at.lower:.2f} with 95 %, "
        f"n = {at.customers:,}). It keeps {users:.1%} of the customers and {revenue:.1%} of the "
        "revenue.",
        f"{2 * half} actions : à partir de {half} actions dans chaque moitié de leurs visites, les "
        f"clients reçoivent le même segment de l'une et de l'autre (kappa {comma(at.kappa)}, au "
        f"moins {comma(at.lower)} à 95 %, n = {at.customers}). Ce seuil garde {percent(users)} des "
        f"clients et {percent(revenue)} du chiffre d'affaires.",
        tested=True,
    )


def default(english: str, french: str) -> Choice:
    """Return the default, which stays because nothing better was shown."""
    return Choice(
        EVENT_THRESHOLD,
        f"The default of {EVENT_THRESHOLD} events stays: {english}",
        f"La valeur par défaut de {EVENT_THRESHOLD} actions est gardée : {french}",
    )


def comma(value: float | None) -> str:
    """Return a number as the French write it."""
    return f"{value or 0:.2f}".replace(".", ",")


def percent(share: float, decimals: int = 1) -> str:
    """Return a share as the French write it."""
    return f"{share * 100:.{decimals}f} %".replace(".", ",")


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


def chosen(evidence: pl.DataFrame) -> Choice:
    """Return what an `EventThreshold` chose."""
    row = evidence.filter(experiment="choice").row(0, named=True)
    return Choice(
        int(row["value"]), row["explanation_english"], row["explanation_french"], row["passes"]
    )
