"""What is known of a new model beside the champion: everything that its promotion depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.segments.promotion import Contest
from amazing_assets.segments.trials import foreseen

if TYPE_CHECKING:
    from amazing_assets.segments.model import Before, SegmentModel


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
