"""The documents as files: a page and a document to print of each, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.dates import add_months, month_of
from amazing_assets.delivery.report.printing.html import to_html
from amazing_assets.delivery.report.printing.pdf import to_pdf
from amazing_assets.language.language import LANGUAGES
from amazing_assets.privacy.papers.documents import CHAPTERS, papers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from amazing_assets.language.language import Language
    from amazing_assets.privacy.papers.facts import Facts


def write_papers(
    facts: Facts, folder: Path, languages: Iterable[str] = tuple(LANGUAGES)
) -> list[Path]:
    """Write every document in some languages; return the files.

    Args:
        facts: What they are written from.
        folder: Made if need be.
        languages: Codes of `LANGUAGES`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [file for code in languages for file in _write(facts, folder, LANGUAGES[code])]


def _write(facts: Facts, folder: Path, language: Language) -> Iterable[Path]:
    # A document is dated by the first of the month: it changes with what it says alone.
    month = month_of(add_months(facts.today, -1))
    for report in papers(facts, language):
        page, printed = (folder / f"{report.key}-{language.code}.{k}" for k in ("html", "pdf"))
        page.write_text(
            to_html(report, {}, language, _links(report.key, language)), encoding="utf-8"
        )
        printed.write_bytes(to_pdf(report, {}, language, month))
        yield from (page, printed)


def _links(document: str, language: Language) -> list[tuple[str, str]]:
    """Return what lies beside a page: the other documents, and its own to print."""
    others = [
        (language.say(f"papers.{key}.title"), f"{key}-{language.code}.html")
        for key in CHAPTERS
        if key != document
    ]
    return [*others, (language.say("papers.print"), f"{document}-{language.code}.pdf")]
