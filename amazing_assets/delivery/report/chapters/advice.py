"""Things to do for a segment, each with the figure that speaks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.customers.columns import WEEKDAYS
from amazing_assets.delivery.report.actions import favourites
from amazing_assets.delivery.report.blocks import Block, Bullets, Paragraph
from amazing_assets.delivery.report.chapters.habits import category
from amazing_assets.delivery.report.features import UNITS, label, written
from amazing_assets.delivery.report.figures import value
from amazing_assets.segments.contract import POPULATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.delivery.report.actions import Action
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language


def actions(
    tables: ReportTables, language: Language, segment: Segment, planned: list[Action]
) -> list[Block]:
    """Return the things to do, each with the figures that speak for it."""
    liked = favourites(tables, segment)
    items = []
    for action in planned:
        told = advice(language, action.key, liked)
        why = because(tables, language, segment, action)
        items.append(Paragraph(f"{told.text} {why}", lead=told.lead))
    if not items:
        return [Paragraph(language.say("page.for_all"), lead=language.say("page.actions"))]
    return [Paragraph("", lead=language.say("page.actions")), Bullets(tuple(items))]


def advice(language: Language, key: str, liked: dict[str, str]) -> Paragraph:
    """Return an action in words.

    What is not known is not there to be named: no text is chosen that would.
    """
    spoken: dict[str, Callable[[str], str]] = {
        "category": lambda name: category(name, language),
        "brand": str,
        "hour": lambda hour: str(int(hour)),
        "weekday": lambda name: language.weekday(WEEKDAYS.index(name)),
    }
    names = {topic: spoken[topic](name) for topic, name in liked.items() if name}
    return Paragraph(
        language.say(f"action.{key}", **names), lead=language.say(f"action.{key}.lead")
    )


def because(tables: ReportTables, language: Language, segment: Segment, action: Action) -> str:
    """Return why an action was chosen: every figure that speaks for it."""
    found = reasons(tables, language, segment, action)
    return language.say("page.because", figures=found) if found else language.say("page.for_all")


def reasons(tables: ReportTables, language: Language, segment: Segment, action: Action) -> str:
    """Return the figures that speak for an action; none for what suits everybody."""
    return "; ".join(against(tables, language, segment, sign.feature) for sign in action.signs)


def against(tables: ReportTables, language: Language, segment: Segment, feature: str) -> str:
    """Return a segment's median of a feature against that of all."""
    own, usual = (
        written(value(tables, name, "feature", "median", feature), UNITS[feature], language)
        for name in (segment.name, POPULATION)
    )
    return language.say("page.against", feature=label(feature, language), value=own, usual=usual)
