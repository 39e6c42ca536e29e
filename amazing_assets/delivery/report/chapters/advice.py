"""Things to do for a segment, each with the figure that speaks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.customers.columns import WEEKDAYS
from amazing_assets.delivery.report.actions import actions_for, favourites
from amazing_assets.delivery.report.blocks import Block, Bullets, Paragraph
from amazing_assets.delivery.report.chapters.habits import category
from amazing_assets.delivery.report.features import label, written
from amazing_assets.delivery.report.figures import value
from amazing_assets.segments.contract import POPULATION

if TYPE_CHECKING:
    from amazing_assets.delivery.report.actions import Action
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language


def actions(tables: ReportTables, language: Language, segment: Segment) -> list[Block]:
    """Return up to three things to do, each with the figure that speaks for it."""
    liked = favourites(tables, segment)
    items = []
    for action in actions_for(tables, segment):
        told = advice(language, action.key, liked)
        why = because(tables, language, segment, action)
        items.append(Paragraph(f"{told.text} {why}", lead=told.lead))
    return [Paragraph("", lead=language.say("page.actions")), Bullets(tuple(items))]


def advice(language: Language, key: str, liked: dict[str, str]) -> Paragraph:
    """Return an action in words."""
    weekday = liked["weekday"]
    names = {
        "category": category(liked["category"]) or "\u2026",
        "brand": liked["brand"] or "\u2026",
        "hour": liked["hour"].lstrip("0") or "0",
        "weekday": language.weekday(WEEKDAYS.index(weekday)) if weekday else "\u2026",
    }
    return Paragraph(
        language.say(f"action.{key}", **names), lead=language.say(f"action.{key}.lead")
    )


def because(tables: ReportTables, language: Language, segment: Segment, action: Action) -> str:
    """Return why an action was chosen."""
    if action.reason is None:
        return language.say("page.for_all")
    feature = action.reason
    own, usual = (
        written(value(tables, name, "feature", "median", feature.name), feature.unit, language)
        for name in (segment.name, POPULATION)
    )
    said = label(feature.name, language)
    return language.say("page.because", feature=said, value=own, usual=usual)
