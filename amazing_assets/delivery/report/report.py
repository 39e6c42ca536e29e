"""From tables to two documents: which sections each has, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from amazing_assets.delivery.report.actions import plan
from amazing_assets.delivery.report.blocks import Report, Section
from amazing_assets.delivery.report.chapters.choice import choice
from amazing_assets.delivery.report.chapters.data import data
from amazing_assets.delivery.report.chapters.drift import drift
from amazing_assets.delivery.report.chapters.migrations import migrations
from amazing_assets.delivery.report.chapters.next_actions import models_compared, next_actions
from amazing_assets.delivery.report.chapters.notes import gdpr, limits, method
from amazing_assets.delivery.report.chapters.plan import plans
from amazing_assets.delivery.report.chapters.risk import risk
from amazing_assets.delivery.report.chapters.rules import rules
from amazing_assets.delivery.report.chapters.segment import segment
from amazing_assets.delivery.report.chapters.shortfalls import is_without_evidence
from amazing_assets.delivery.report.chapters.summary import summary
from amazing_assets.delivery.report.chapters.threshold import threshold
from amazing_assets.delivery.report.figures import months_behind
from amazing_assets.delivery.report.segments import is_shown, segments_of

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

SEGMENTS, EVIDENCE = "segments", "evidence"

# Two pages for who has to decide; a page for each segment; then what moves, and who is at risk.
OPENING = (summary, plans)
CLOSING = (migrations, risk, next_actions, gdpr)

# For analysts: what the rest stands on. Of segments that stand in for some nothing is to prove.
BASES = (data, threshold)
PROOFS = (choice, rules)
TO_KNOW = (drift, models_compared, method, limits)


def write_report(tables: ReportTables, language: Language) -> Report:
    """Return the report of a month in one language: for marketing and the board."""
    segments = segments_of(tables, language)
    planned = plan(tables, segments)
    pages = [
        segment(tables, language, each, planned[each.number])
        for each in segments
        if is_shown(tables, each)
    ]
    return _document(
        SEGMENTS,
        tables,
        language,
        (
            *(section(tables, language) for section in OPENING),
            *pages,
            *(section(tables, language) for section in CLOSING),
        ),
    )


def write_evidence(tables: ReportTables, language: Language) -> Report:
    """Return what the report stands on, for analysts."""
    proofs = () if is_without_evidence(tables, segments_of(tables, language)) else PROOFS
    chapters = (*BASES, *proofs, *TO_KNOW)
    sections = tuple(section(tables, language) for section in chapters)
    return _document(EVIDENCE, tables, language, sections)


def documents(tables: ReportTables, language: Language) -> tuple[Report, Report]:
    """Return both documents; the second annexes the figures behind the charts of either."""
    report, evidence = write_report(tables, language), write_evidence(tables, language)
    return report, replace(evidence, annexed=(evidence, report))


def _document(
    key: str, tables: ReportTables, language: Language, sections: tuple[Section, ...]
) -> Report:
    return Report(
        key=key,
        language=language.code,
        title=language.say(f"report.{key}"),
        subtitle=language.say("report.subtitle", month=language.month(tables.month)),
        provenance=language.say(
            "report.provenance",
            first=language.month(min(months_behind(tables), default=tables.month)),
            last=language.month(tables.month),
            version=tables.model_version,
            partition=tables.month,
        ),
        sections=sections,
    )
