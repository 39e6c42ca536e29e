"""Whether a network is served: only if it beats counting, and the champion, beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.models.promotion import Comparison, Reason
from amazing_assets.next_actions.evaluation import TEST, VALIDATE, gain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amazing_assets.next_actions.evaluation import Judged
    from amazing_assets.next_actions.figures import Figure
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.periods import Split

# A probability of a model may be wrong by two in a hundred, in the mean.
MOST_ECE = 0.02


class Rivals(NamedTuple):
    """What is compared, on the same places.

    Attributes:
        network: The best network by the places to validate; None: none was trained.
        baseline: The simplest baseline that no other beats beyond chance.
        champion: What is in use; None: nothing is, or it cannot be compared.
    """

    network: Judged | None
    baseline: Judged
    champion: Judged | None = None


def simplest_unbeaten(baselines: Sequence[Judged], found: Histories, parts: Split) -> Judged:
    """Return the first baseline that none after it beats beyond chance, from the simplest on."""
    best, *others = baselines
    for other in others:
        gained = gain(other, best, VALIDATE, found, parts.validate)
        if gained is not None and gained.low is not None and gained.low > 0:
            best = other
    return best


def gains(model: Judged, other: Judged, found: Histories, parts: Split) -> dict[str, Figure]:
    """Return by how much a model's loss is below another's, by period."""
    periods = {VALIDATE: parts.validate, TEST: parts.test}
    told = {name: gain(model, other, name, found, places) for name, places in periods.items()}
    return {name: figure for name, figure in told.items() if figure is not None}


def objections(rivals: Rivals, found: Histories, parts: Split) -> tuple[Reason, ...]:
    """Return what keeps a network from being served in place of counting."""
    if rivals.network is None:
        return (Reason("next_action_no_network", {"places": f"{len(parts.train):,}"}),)
    beaten = gains(rivals.network, rivals.baseline, found, parts)
    error = rivals.network.figure("ece")
    return (
        *_not_beaten("next_action_baseline", beaten, rivals.baseline.name),
        *_uncalibrated(error),
    )


def comparison(
    rivals: Rivals,
    against: Iterable[Reason],
    found: Histories,
    parts: Split,
    *,
    fallback: bool | None,
) -> Comparison:
    """Return what the decision on a new model depends on.

    Args:
        rivals: What was compared.
        against: What keeps the network from being served.
        found: The histories.
        parts: Their places by period.
        fallback: Whether the champion is a baseline; None: there is no champion.
    """
    reasons = list(against)
    is_fallback = bool(reasons)
    if not is_fallback and rivals.champion is not None and rivals.network is not None:
        beaten = gains(rivals.network, rivals.champion, found, parts)
        reasons += _not_beaten("next_action_champion", beaten, rivals.champion.name)
    return Comparison(tuple(reasons), (), is_fallback, fallback)


def _not_beaten(code: str, beaten: dict[str, Figure], name: str) -> Iterator[Reason]:
    if len(beaten) < len((VALIDATE, TEST)):
        yield Reason("next_action_unknown", {"name": name})
        return
    worst = min(beaten.values(), key=lambda figure: figure.low or 0.0)
    if (worst.low or 0.0) <= 0:
        known = {"gain": worst.value, "low": worst.low or 0.0, "high": worst.high or 0.0}
        yield Reason(code, {"name": name, **known})


def _uncalibrated(error: float) -> Iterator[Reason]:
    if error > MOST_ECE:
        yield Reason("next_action_ece", {"error": error, "most": MOST_ECE})
