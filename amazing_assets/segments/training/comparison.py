"""Whether a new model may replace the champion by itself, must wait for a person, or may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.models.promotion import MAJOR, PROMOTED, REFUSED, Verdict
from amazing_assets.segments.search.perturbations import foreseen

if TYPE_CHECKING:
    from amazing_assets.segments.model import SegmentModel
    from amazing_assets.segments.search.past import Before


def contest_of(
    model: SegmentModel,
    champion: SegmentModel | None,
    kept_share: float | None,
    before: Before | None,
) -> Contest:
    """Return what is known of a model that has its rules.

    Args:
        model: May replace the champion.
        champion: The model that assigns customers today, if there is one.
        kept_share: Share of common customers who keep their segment; None: not comparable.
        before: The month before the one that the model was fitted on.
    """
    old = champion.surrogate if champion else None
    return Contest(
        model.alert,
        model.surrogate.fidelity if model.surrogate else None,
        old.fidelity if old else None,
        kept_share,
        foresight(model, champion, before) if champion and before else None,
    )


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


# A campaign planned on the old segments still reaches three of four of its customers.
LEAST_KEPT = 0.75

# Rules that misplace more than one customer in ten cannot stand for the model in a conversation;
# but where the champion's are no better, refusing would keep what is as hard to explain and older.
LEAST_FIDELITY = 0.90

FIDELITY_SLACK = 0.01

# How much less of the customers' future the new segments may tell apart: noise of one month.
ETA_SQUARED_SLACK = 0.01


class Contest(NamedTuple):
    """What is known of a challenger beside the champion.

    Attributes:
        alert: Of the challenger; None if it passed every gate.
        fidelity: Share of customers whom its rules place as it does; None without rules.
        fidelity_before: The same of the champion.
        kept_share: Share of common customers who keep their segment; None without a champion
            whose segments were meant to last.
        eta_squared: Share of the variance of later revenue that lies between segments, of
            challenger and champion on the same customers; None if not measured.
    """

    alert: str | None
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


def judge(contest: Contest) -> Verdict:
    """Return what happens to a challenger to a champion."""
    if faults := tuple(found_against(contest)):
        return Verdict(REFUSED, faults)
    if contest.kept_share is not None and contest.kept_share < LEAST_KEPT:
        kept = f"{contest.kept_share:.0%} of the common customers keep their segment"
        return Verdict(MAJOR, (f"Only {kept}, {LEAST_KEPT:.0%} are wanted: a person decides.",))
    return Verdict(PROMOTED, ())


def found_against(contest: Contest) -> list[str]:
    """Return what keeps a challenger from being promoted at all."""
    faults = []
    if contest.alert:
        faults.append(f"It raised the alert {contest.alert}.")
    before = contest.fidelity_before
    least = min(LEAST_FIDELITY, 1.0 if before is None else before - FIDELITY_SLACK)
    if contest.fidelity is not None and contest.fidelity < least:
        share = f"{contest.fidelity:.1%}"
        faults.append(f"Its rules place {share} as it does, {least:.1%} are wanted.")
    if contest.eta_squared is not None:
        new, old = contest.eta_squared
        if new < old - ETA_SQUARED_SLACK:
            faults.append(
                f"Its segments tell later revenue apart less well: eta squared {new:.3f} against "
                f"{old:.3f}."
            )
    return faults
