"""What speaks against a model of risk: decided by `models.promotion`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.models.probabilities import difference, figures
from amazing_assets.models.promotion import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amazing_assets.models.probabilities import Told

# How much precision a new model may lose beside the champion, at the lower end of the interval.
_MOST_LOST = 0.002

# What a probability must mean: slope on the logits, and told to happened.
SLOPES, RATIOS = (0.85, 1.15), (0.9, 1.1)


def objections(
    challenger: Told, baselines: Mapping[str, Told], champion: Told | None = None
) -> tuple[Reason, ...]:
    """Return what speaks against a model, on the same customers and weeks as all others.

    Args:
        challenger: What it said, and what happened.
        baselines: What each baseline said.
        champion: What the model in use said; None: there is none.
    """
    found = [*_unbeaten(challenger, baselines), *_uncalibrated(challenger)]
    if champion is not None:
        found += _worse(challenger, champion)
    return tuple(found)


def _unbeaten(challenger: Told, baselines: Mapping[str, Told]) -> Iterator[Reason]:
    for name, baseline in baselines.items():
        gained = difference(challenger, baseline, "pr_auc")
        # Not beyond chance: what is simpler is then as good.
        if not gained.low > 0:
            yield Reason("risk_baseline_unbeaten", {"baseline": name, "gained": gained.value})


def _uncalibrated(challenger: Told) -> Iterator[Reason]:
    found = figures(challenger)
    slope, ratio = found["slope"], found["told_to_happened"]
    # An interval that reaches the bounds: few customers leave it open, and do not count against it.
    if slope.high < SLOPES[0] or slope.low > SLOPES[1]:
        yield Reason("risk_slope", {"slope": slope.value})
    if ratio.high < RATIOS[0] or ratio.low > RATIOS[1]:
        yield Reason("risk_level", {"ratio": ratio.value})


def _worse(challenger: Told, champion: Told) -> Iterator[Reason]:
    lost = difference(challenger, champion, "pr_auc")
    if not lost.low > -_MOST_LOST:
        yield Reason("risk_precision_lost", {"lost": -lost.value})
    error = difference(challenger, champion, "brier")
    if error.low > 0:
        yield Reason("risk_error_gained", {"gained": error.value})
