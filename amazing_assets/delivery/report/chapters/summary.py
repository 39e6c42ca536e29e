"""The executive summary: the segments at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.actions import actions_for, favourites
from amazing_assets.delivery.report.blocks import (
    Block,
    Bullets,
    KeyFigures,
    Notice,
    Paragraph,
    Section,
    Table,
)
from amazing_assets.delivery.report.chapters.advice import advice
from amazing_assets.delivery.report.chapters.chance import answer
from amazing_assets.delivery.report.chapters.shortfalls import shortfalls
from amazing_assets.delivery.report.chapters.sourcing import source
from amazing_assets.delivery.report.figures import value
from amazing_assets.delivery.report.segments import is_shown, segments_of, without_segment
from amazing_assets.segments.contract import POPULATION, UNCLASSIFIED

if TYPE_CHECKING:
    from amazing_assets.delivery.report.actions import Action
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

COLUMNS = ("users", "user_share", "revenue_share", "event_share", "buyer_share", "margin")


def summary(tables: ReportTables, language: Language) -> Section:
    """Return the section."""
    segments = segments_of(tables, language)
    origin = source(tables, language, "profiles")
    waiting = ", ".join(each.label for each in segments if each.is_provisional)
    notice = (Notice(language.say("summary.provisional", names=waiting)),) if waiting else ()
    return Section(
        "summary",
        language.say("summary.title"),
        (
            key_figures(tables, language, len(segments), origin),
            *notice,
            *shortfalls(tables, language, segments),
            *answer(tables, language),
            *bullets(findings(tables, language, segments)),
            overview(tables, language, segments, origin),
            Paragraph(language.say("summary.margin_note")),
            *first_actions(tables, language, segments),
        ),
    )


def bullets(items: list[Paragraph]) -> list[Bullets]:
    """Return a list, unless there is nothing on it."""
    return [Bullets(tuple(items))] if items else []


def first_actions(tables: ReportTables, language: Language, segments: list[Segment]) -> list[Block]:
    """Return the first thing to do for each segment of which something may be told."""
    told = [
        first_action(tables, language, each, actions[0])
        for each in segments
        if is_shown(tables, each) and (actions := actions_for(tables, each, segments))
    ]
    if not told:
        return []
    return [Paragraph("", lead=language.say("summary.actions")), *bullets(told)]


def size(tables: ReportTables, name: str, measure: str) -> float | None:
    """Return a figure of a group's size."""
    return value(tables, name, "size", measure)


def known_customers(tables: ReportTables) -> float | None:
    """Return how many customers the month knows, with and without a segment; None: hidden."""
    sizes = tables.profiles.filter(topic="size", measure="users", item="all")
    counts = sizes.filter(pl.col("segment_name").is_in((POPULATION, UNCLASSIFIED)))["value"]
    return None if counts.null_count() else float(counts.sum()) or None


def key_figures(tables: ReportTables, language: Language, segments: int, origin: str) -> KeyFigures:
    """Return the four numbers to remember."""
    known, hidden = known_customers(tables), language.say("hidden")
    shares = {"classified": "user_share", "revenue": "revenue_share"}
    parts = {name: size(tables, POPULATION, measure) for name, measure in shares.items()}
    return KeyFigures(
        (
            (
                hidden if known is None else language.number(known),
                language.say("summary.customers"),
            ),
            (language.number(segments), language.say("summary.segments", count=segments)),
            # Without segments there is no part of the customers that has one.
            *(
                (
                    hidden if part is None else language.share(part, 0),
                    language.say(f"summary.{name}"),
                )
                for name, part in parts.items()
                if segments
            ),
        ),
        origin,
    )


def findings(tables: ReportTables, language: Language, segments: list[Segment]) -> list[Paragraph]:
    """Return what the sizes say, in sentences."""
    measured = [
        (each, size(tables, each.name, "user_share"), size(tables, each.name, "revenue_share"))
        for each in segments
    ]
    shown = [(each, users, revenue) for each, users, revenue in measured if users and revenue]
    found = []
    if shown:
        largest = max(shown, key=lambda row: row[1])
        richest = max(shown, key=lambda row: row[2])
        found += [
            language.say(
                "summary.largest",
                name=largest[0].label,
                users=language.number(size(tables, largest[0].name, "users")),
                share=language.share(largest[1]),
            ),
            language.say(
                "summary.richest",
                name=richest[0].label,
                revenue=language.share(richest[2]),
                users=language.share(richest[1]),
            ),
        ]
        poorest = min(shown, key=lambda row: row[2] / row[1])
        if poorest[0] != richest[0]:
            found.append(
                language.say(
                    "summary.concentration",
                    name=poorest[0].label,
                    users=language.share(poorest[1]),
                    revenue=language.share(poorest[2]),
                )
            )
    left, part = (size(tables, UNCLASSIFIED, measure) for measure in ("users", "user_share"))
    if left is not None and part is not None and segments:
        share = language.share(part)
        found.append(language.say("summary.unclassified", users=language.number(left), share=share))
    return [Paragraph(text) for text in found]


def overview(
    tables: ReportTables, language: Language, segments: list[Segment], origin: str
) -> Table:
    """Return the segments, a row each, and those without one."""
    rows = [*segments, without_segment(UNCLASSIFIED, language)]
    return Table(
        language.say("summary.table"),
        tuple(language.say(f"column.{name}") for name in ("segment", *COLUMNS)),
        tuple((each.label, *sizes(tables, language, each.name)) for each in rows),
        origin,
    )


def sizes(tables: ReportTables, language: Language, name: str) -> list[str]:
    """Return a group's row of the overview; hidden figures are said to be hidden."""
    values = {column: size(tables, name, column) for column in COLUMNS}
    written = {
        "users": language.number(values["users"]),
        "margin": language.number(values["margin"], 2),
    }
    hidden = language.say("hidden")
    return [
        written.get(column, language.share(found))
        if found is not None or (column == "margin" and name == UNCLASSIFIED)
        else hidden
        for column, found in values.items()
    ]


def first_action(
    tables: ReportTables, language: Language, segment: Segment, action: Action
) -> Paragraph:
    """Return the first thing to do for a segment."""
    told = advice(language, action.key, favourites(tables, segment))
    # The sentence of the catalogue puts the colon as the language does.
    lead = language.say("segment.label", name=segment.label, text="").rstrip()
    return Paragraph(f"{told.lead} {told.text}", lead=lead)
