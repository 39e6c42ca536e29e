"""Page one: one verdict, what changed, who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.blocks import (
    Block,
    Bullets,
    Chart,
    KeyFigures,
    Notice,
    Paragraph,
    Section,
    Table,
)
from amazing_assets.delivery.report.chapters.drift import worst_level
from amazing_assets.delivery.report.chapters.migrations import greatest_move, stayed_sentence
from amazing_assets.delivery.report.chapters.shortfalls import shortfalls
from amazing_assets.delivery.report.chapters.sourcing import source
from amazing_assets.delivery.report.chapters.verdict import verdict
from amazing_assets.delivery.report.charts.segments import paying
from amazing_assets.delivery.report.figures import value
from amazing_assets.delivery.report.segments import segments_of, without_segment
from amazing_assets.segments.contract import POPULATION, UNCLASSIFIED

if TYPE_CHECKING:
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
            verdict(tables, language, segments),
            *notice,
            *shortfalls(tables, language, segments),
            *titled(language.say("summary.changed"), changes(tables, language)),
            *titled(language.say("summary.pays"), findings(tables, language, segments)),
            *who_pays(tables, language, segments, origin),
        ),
    )


def titled(title: str, items: list[Paragraph]) -> list[Block]:
    """Return a list under a title, unless there is nothing on it."""
    return [Paragraph("", lead=title), Bullets(tuple(items))] if items else []


def changes(tables: ReportTables, language: Language) -> list[Paragraph]:
    """Return what is not as it was the month before, or at the training."""
    said = []
    if tables.migrations is not None:
        said = [stayed_sentence(tables.migrations, language), *greatest_move(tables, language)]
    if level := worst_level(tables):
        said.append(language.say(f"drift.{level}"))
    return [Paragraph(each) for each in said or [language.say("move.none")]]


def who_pays(
    tables: ReportTables, language: Language, segments: list[Segment], origin: str
) -> list[Block]:
    """Return each segment's part of the customers and of the revenue, as a picture."""
    rows = pl.DataFrame(
        {
            "segment": [each.label for each in segments],
            "users": [size(tables, each.name, "user_share") for each in segments],
            "revenue": [size(tables, each.name, "revenue_share") for each in segments],
        },
        schema={"segment": pl.String, "users": pl.Float64, "revenue": pl.Float64},
    )
    table = overview(tables, language, segments, origin)
    if rows.drop_nulls().is_empty():
        return [table]
    richest = rows.sort("revenue", descending=True, nulls_last=True).row(0, named=True)
    written = {name: language.share(richest[name]) for name in ("users", "revenue")}
    chart = Chart(
        "who-pays",
        paying(rows, segments, language),
        language.say("summary.pays_alt", name=richest["segment"], **written),
        language.say("summary.pays_caption"),
        origin,
        table,
    )
    return [chart, Paragraph(language.say("summary.revenue_note"))]


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
