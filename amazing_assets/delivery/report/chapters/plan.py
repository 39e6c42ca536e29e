"""Page two: a line of action for each segment, and a plan for whoever has to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.delivery.report.actions import favourites, paying_most, plan, theme_of
from amazing_assets.delivery.report.blocks import Block, Notice, Paragraph, Section, Table
from amazing_assets.delivery.report.chapters.advice import advice, reasons
from amazing_assets.delivery.report.chapters.sourcing import source
from amazing_assets.delivery.report.figures import value
from amazing_assets.delivery.report.segments import is_shown, segments_of

if TYPE_CHECKING:
    from amazing_assets.delivery.report.actions import Action
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

LINES = ("column.segment", "plan.action", "plan.why", "column.users", "column.revenue_share")
DECISIONS = ("plan.what", "plan.for_whom", "plan.who", "plan.when", "plan.measured")


def plans(tables: ReportTables, language: Language) -> Section:
    """Return the section: the segments that pay most come first."""
    segments = segments_of(tables, language)
    planned = plan(tables, segments)
    shown = [each for each in paying_most(tables, segments) if is_shown(tables, each)]
    first = [(each, next(iter(planned[each.number]), None)) for each in shown]
    decided = [(each, action) for each, action in first if action]
    blocks: list[Block] = [lines(tables, language, first)] if first else []
    if decided:
        blocks += [decisions(tables, language, decided), Paragraph(language.say("plan.how"))]
    none = (Notice(language.say("plan.none")),)
    return Section("plan", language.say("plan.title"), tuple(blocks) or none)


def lines(
    tables: ReportTables, language: Language, first: list[tuple[Segment, Action | None]]
) -> Table:
    """Return what each segment calls for first, with its size, its value and the reason."""
    return Table(
        language.say("plan.lines"),
        tuple(map(language.say, LINES)),
        tuple(
            (each.label, *told(tables, language, each, action), *worth(tables, language, each))
            for each, action in first
        ),
        source(tables, language, "profiles"),
        words=3,
    )


def told(
    tables: ReportTables, language: Language, segment: Segment, action: Action | None
) -> tuple[str, str]:
    """Return an action, and the figures that speak for it; None: others have led with all."""
    if action is None:
        return language.say("page.for_all"), "\u2013"
    said = advice(language, action.key, favourites(tables, segment))
    why = reasons(tables, language, segment, action) or language.say("page.for_all")
    return f"{said.lead} {said.text}", why


def worth(tables: ReportTables, language: Language, segment: Segment) -> tuple[str, str]:
    """Return how many customers a segment has, and which part of the revenue."""
    users, share = (
        value(tables, segment.name, "size", name) for name in ("users", "revenue_share")
    )
    hidden = language.say("hidden")
    return (
        hidden if users is None else language.number(users),
        hidden if share is None else language.share(share),
    )


def decisions(
    tables: ReportTables, language: Language, decided: list[tuple[Segment, Action]]
) -> Table:
    """Return the same as a plan: what, for whom, who does it, when, how it is measured."""
    rows = []
    for segment, action in decided:
        theme = theme_of(action)
        how = (language.say(f"plan.{theme}.{name}") for name in ("who", "when", "measured"))
        what = language.say(f"action.{action.key}.lead").rstrip(".")
        rows.append((what, segment.label, *how))
    return Table(
        language.say("plan.decisions"),
        tuple(map(language.say, DECISIONS)),
        tuple(rows),
        source(tables, language, "profiles"),
        words=len(DECISIONS),
    )
