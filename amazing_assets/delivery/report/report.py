"""From tables to a report: which sections there are, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.delivery.report.actions import plan
from amazing_assets.delivery.report.blocks import Report
from amazing_assets.delivery.report.chapters.choice import choice
from amazing_assets.delivery.report.chapters.data import data
from amazing_assets.delivery.report.chapters.drift import drift
from amazing_assets.delivery.report.chapters.migrations import migrations
from amazing_assets.delivery.report.chapters.next_actions import next_actions
from amazing_assets.delivery.report.chapters.notes import gdpr, limits, method
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

OPENING = (summary, data, threshold)
EVIDENCE = (choice, rules)
CLOSING = (migrations, drift, risk, next_actions, method, gdpr, limits)


def write_report(tables: ReportTables, language: Language) -> Report:
    """Return the report of a month in one language."""
    segments = segments_of(tables, language)
    planned = plan(tables, segments)
    pages = [
        segment(tables, language, each, planned[each.number])
        for each in segments
        if is_shown(tables, each)
    ]
    evidence = () if is_without_evidence(tables, segments) else EVIDENCE
    return Report(
        language=language.code,
        title=language.say("report.title"),
        subtitle=language.say("report.subtitle", month=language.month(tables.month)),
        provenance=language.say(
            "report.provenance",
            first=language.month(min(months_behind(tables), default=tables.month)),
            last=language.month(tables.month),
            version=tables.model_version,
            partition=tables.month,
        ),
        sections=(
            *(section(tables, language) for section in (*OPENING, *evidence)),
            *pages,
            *(section(tables, language) for section in CLOSING),
        ),
    )
