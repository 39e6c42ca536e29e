"""Why a threshold was chosen, in a language."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amazing_assets.language.language import Language
    from amazing_assets.segments.threshold.choice import ThresholdChoice

# Figures that are shares, with the decimals shown; kappas have two; everything else is counted.
SHARES = {"users_kept": 1, "revenue_kept": 1, "revenue_wanted": 0}
KAPPAS = ("kappa", "kappa_lower", "kappa_wanted")


def why(choice: ThresholdChoice, language: Language) -> str:
    """Return the reason for a threshold as a sentence."""
    figures = {name: written(name, value, language) for name, value in choice.figures.items()}
    events = language.number(choice.events)
    return language.say(f"threshold.reason.{choice.reason}", events=events, **figures)


def written(name: str, value: float, language: Language) -> str:
    """Return a figure of a choice in its unit."""
    if name == "revenue_kept":
        # Cut off, not rounded: 96.96 % would read as the 97.0 % that are wanted.
        value = floor(round(value * 1000, 6)) / 1000
    if name in SHARES:
        return language.share(value, SHARES[name])
    return language.number(value, 2 if name in KAPPAS else 0)
