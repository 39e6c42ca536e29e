"""Whether a new model replaces the champion, waits for a person, or may not: the one decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.language.language import Language

PROMOTED, MAJOR, REFUSED = "promoted", "major", "refused"


class PromotionError(PlainError):
    """A version may not become the champion; the message says why."""


class Reason(NamedTuple):
    """Something that speaks against a new model.

    Attributes:
        code: Key of the sentence, `promotion.<code>`.
        figures: What it is made of; those whose name ends in `share` are fractions of 1.
    """

    code: str
    figures: Mapping[str, float | str] = {}

    def told(self, language: Language) -> str:
        """Return the reason as a sentence."""
        return language.say(
            f"promotion.{self.code}",
            **{
                name: figure
                if isinstance(figure, str)
                else language.share(figure)
                if name.endswith("share")
                else language.number(figure, 3)
                for name, figure in self.figures.items()
            },
        )


class Comparison(NamedTuple):
    """What is known of a new model beside the champion, as far as the decision depends on it.

    Attributes:
        objections: What keeps it from being promoted, whoever agrees.
        doubts: What a person may set aside.
        is_fallback: Whether the new model is only what is used when nothing better holds.
        champion_is_fallback: The same of the champion; None: there is no champion.
    """

    objections: tuple[Reason, ...] = ()
    doubts: tuple[Reason, ...] = ()
    is_fallback: bool = False
    champion_is_fallback: bool | None = None


class Decision(NamedTuple):
    """What happens to a new model.

    Attributes:
        outcome: `promoted`, `major` (a person decides) or `refused`.
        reasons: What spoke against it; of a promoted one, what to think of it.
        is_published: Whether it becomes a version at all.
    """

    outcome: str
    reasons: tuple[Reason, ...] = ()
    is_published: bool = True


def decide(comparison: Comparison) -> Decision:
    """Return what happens to a new model."""
    objections, doubts = comparison.objections, comparison.doubts
    has_champion = comparison.champion_is_fallback is not None
    # Something beats nothing, and what passed the gates beats the fallback.
    if not has_champion or (comparison.champion_is_fallback and not comparison.is_fallback):
        return Decision(PROMOTED, (*objections, *doubts))
    if objections:
        # A fallback beside a champion would only fill the list of versions.
        return Decision(REFUSED, objections, is_published=not comparison.is_fallback)
    return Decision(MAJOR, doubts) if doubts else Decision(PROMOTED)
