"""From tables to a report: which sections there are, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.delivery.report.blocks import Report
from amazing_assets.delivery.report.sections.choice import choice
from amazing_assets.delivery.report.sections.closing import gdpr, limits, method
from amazing_assets.delivery.report.sections.copies import copies
from amazing_assets.delivery.report.sections.data import data
from amazing_assets.delivery.report.sections.drift import drift
from amazing_assets.delivery.report.sections.moves import moves
from amazing_assets.delivery.report.sections.page import page
from amazing_assets.delivery.report.sections.summary import summary
from amazing_assets.delivery.report.sections.threshold import threshold
from amazing_assets.delivery.report.shown import POPULATION, segments_of, wide

if TYPE_CHECKING:
    from amazing_assets.delivery.report.language import Language
    from amazing_assets.delivery.report.tables import ReportTables

OPENING = (summary, data, threshold, choice, copies)
CLOSING = (moves, drift, method, gdpr, limits)


def write_report(tables: ReportTables, language: Language) -> Report:
    """Return the report of a month in one language."""
    pages = [page(tables, language, segment) for segment in segments_of(tables, language)]
    months = wide(tables, "season", POPULATION)["item"]
    return Report(
        language=language.code,
        title=language.say("report.title"),
        subtitle=language.say("report.subtitle", month=language.month(tables.month)),
        provenance=language.say(
            "report.provenance",
            first=language.month(min(months, default=tables.month)),
            last=language.month(tables.month),
            version=tables.model_version,
            partition=tables.month,
        ),
        sections=(
            *(section(tables, language) for section in OPENING),
            *pages,
            *(section(tables, language) for section in CLOSING),
        ),
    )
