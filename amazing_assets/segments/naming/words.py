"""The names of segments in a language, for whoever shows them to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.segments.contract import PROVISIONAL
from amazing_assets.segments.naming.codes import NUMBERED

if TYPE_CHECKING:
    from amazing_assets.language.language import Language
    from amazing_assets.segments.naming.codes import Name


def called(name: Name, language: Language) -> str:
    """Return a name as a reader knows it, such as `Wolves (thrifty, loyal)`."""
    said = plainly_called(name, language)
    if name.status == PROVISIONAL:
        return language.say("segment.provisional", name=said)
    return said


def plainly_called(name: Name, language: Language) -> str:
    """Return a name without what is to be said of its status."""
    said = word(name.code, language)
    if not name.traits:
        return said
    traits = ", ".join(language.say(f"trait.{trait}") for trait in name.traits)
    return language.say("segment.with_traits", name=said, traits=traits)


def word(code: str, language: Language) -> str:
    """Return the word for a code; what a person has called a segment stays as it is."""
    if code in NUMBERED:
        animal, number = NUMBERED[code]
        return language.say("segment.numbered", name=word(animal, language), number=number)
    key = f"segment.name.{code}"
    return language.say(key) if language.knows(key) else code


def no_segment(reason: str, language: Language) -> str:
    """Return why customers have no segment, marked as no name."""
    return f"({language.say(f'reason.{reason}')})"
