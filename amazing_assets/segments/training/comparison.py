"""What is known of a new segment model beside the champion, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.models.promotion import Comparison, Reason
from amazing_assets.segments.search.perturbations import foreseen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.segments.model import SegmentModel
    from amazing_assets.segments.search.past import Before

# A campaign planned on the old segments still reaches three of four of its customers.
LEAST_KEPT = 0.75

# Rules that misplace more than one customer in ten cannot stand for the model in a conversation;
# but where the champion's are no better, refusing would keep what is as hard to explain and older.
LEAST_FIDELITY = 0.90
FIDELITY_SLACK = 0.01

# How much less of the customers' future the new segments may tell apart: noise of one month.
ETA_SQUARED_SLACK = 0.01


class SegmentComparison(NamedTuple):
    """What was measured of a new model and of the champion.

    Attributes:
        alert: Of the new model; None if it passed every gate.
        champion_is_fallback: Whether the champion raised an alert; None: there is no champion.
        fidelity: Share of customers whom its rules place as it does; None without rules.
        fidelity_before: The same of the champion.
        kept_share: Share of common customers who keep their segment; None without a champion
            whose segments were meant to last.
        eta_squared: Share of the variance of later revenue that lies between segments, of new
            model and champion on the same customers; None if not measured.
    """

    alert: str | None
    champion_is_fallback: bool | None = None
    fidelity: float | None = None
    fidelity_before: float | None = None
    kept_share: float | None = None
    eta_squared: tuple[float, float] | None = None

    @property
    def figures(self) -> dict[str, float]:
        """What was measured, by name."""
        new, old = self.eta_squared or (None, None)
        known = {
            "kept_share": self.kept_share,
            "eta_squared": new,
            "eta_squared_before": old,
        }
        return {name: value for name, value in known.items() if value is not None}

    @property
    def decisive(self) -> Comparison:
        """What the decision depends on."""
        return Comparison(
            tuple(objections(self)),
            tuple(doubts(self)),
            self.alert is not None,
            self.champion_is_fallback,
        )


def objections(measured: SegmentComparison) -> Iterator[Reason]:
    """Yield what keeps a new model from being promoted, whoever agrees."""
    if measured.alert:
        yield Reason("alert", {"alert": measured.alert})
    before, share = measured.fidelity_before, measured.fidelity
    least = min(LEAST_FIDELITY, 1.0 if before is None else before - FIDELITY_SLACK)
    if share is not None and share < least:
        yield Reason("fidelity", {"share": share, "least_share": least})
    new, old = measured.eta_squared or (0.0, 0.0)
    if new < old - ETA_SQUARED_SLACK:
        yield Reason("eta_squared", {"new": new, "old": old})


def doubts(measured: SegmentComparison) -> Iterator[Reason]:
    """Yield what a person has to agree to."""
    kept = measured.kept_share
    if kept is not None and kept < LEAST_KEPT:
        yield Reason("kept_share", {"share": kept, "least_share": LEAST_KEPT})


def foresight(
    model: SegmentModel, champion: SegmentModel, before: Before
) -> tuple[float, float] | None:
    """Return what model and champion tell of the revenue of the next 28 days (eta squared).

    Of the month before the fit, the last whose next 28 days are known, and of the customers to
    whom both models give a segment. Customers are placed by what they had done until then, so that
    neither model sees what it is asked; None if nobody counted what they spent.
    """
    customers = champion.claimed(model.claimed(before.features))
    if before.revenue is None or customers.is_empty():
        return None
    new, old = (
        foreseen(customers, each.found.groups(customers), before.revenue)
        for each in (model, champion)
    )
    return new, old
