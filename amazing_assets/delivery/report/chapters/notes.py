"""What stays true from month to month: method, personal data, limits."""

from __future__ import annotations

from dataclasses import replace
from itertools import count, takewhile
from typing import TYPE_CHECKING

from amazing_assets.dates import HISTORY
from amazing_assets.delivery.report.blocks import Bullets, Notice, Paragraph, Section
from amazing_assets.delivery.report.figures import months_behind

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language


def method(_: ReportTables, language: Language) -> Section:
    """Return how the segments are made."""
    return _told(language, "method")


def gdpr(_: ReportTables, language: Language) -> Section:
    """Return what protects the customers."""
    return _told(language, "gdpr")


def limits(tables: ReportTables, language: Language) -> Section:
    """Return what the figures do not say."""
    months = len(months_behind(tables))
    told = _told(language, "limits")
    if months >= HISTORY:
        return told
    notice = Notice(language.say("limits.alert", months=language.number(months)))
    return replace(told, blocks=(*told.blocks, notice))


def _told(language: Language, key: str) -> Section:
    known = takewhile(language.knows, (f"{key}.{number}" for number in count(1)))
    body = (Bullets(tuple(Paragraph(language.say(each)) for each in known)),)
    return Section(key, language.say(f"{key}.title"), body, apart=False)
