"""The report as files: drawn, set and replaced as a whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, NamedTuple

from pypdf import PdfReader

from amazing_assets.delivery.report.charts.drawing import svg
from amazing_assets.delivery.report.printing.html import to_html
from amazing_assets.delivery.report.printing.index import DOCUMENTS, KINDS, name_of, words_of
from amazing_assets.delivery.report.printing.pdf import to_pdf
from amazing_assets.delivery.report.report import documents
from amazing_assets.language.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language


class Written(NamedTuple):
    """A file of the report: of a document in a language; `pages` where there are any."""

    language: str
    document: str
    kind: str
    path: Path
    pages: int | None = None


def has_files(folder: Path, month: str) -> bool:
    """Whether the report of a month was ever written.

    Args:
        folder: Of all reports.
        month: As `2019-10`.
    """
    return any((folder / month).glob("*"))


def write_files(
    tables: ReportTables, folder: Path, languages: Iterable[str] = tuple(LANGUAGES)
) -> list[Written]:
    """Write the report of a month in some languages; of each file readers see the old or the new.

    Args:
        tables: Of the month.
        folder: Of all reports.
        languages: Codes of `LANGUAGES`; files of others stay as they are.
    """
    target = folder / tables.month
    target.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f".{tables.month}.", dir=folder))
    try:
        made = [file for code in languages for file in _write(tables, beside, code)]
        for file in made:
            file.path.replace(target / file.path.name)
    finally:
        shutil.rmtree(beside)
    return [file._replace(path=target / file.path.name) for file in made]


def _write(tables: ReportTables, folder: Path, code: str) -> list[Written]:
    language, written = LANGUAGES[code], []
    for report in documents(tables, language):
        pictures = {chart.key: svg(chart.spec, language) for chart in report.charts}
        html, pdf = (folder / name_of(tables.month, code, kind, report.key) for kind in KINDS)
        page = to_html(report, pictures, language, _links(report.key, tables.month, language))
        html.write_text(page, encoding="utf-8")
        pdf.write_bytes(to_pdf(report, pictures, language, tables.month))
        pages = len(PdfReader(pdf).pages)
        written += [
            Written(code, report.key, "html", html),
            Written(code, report.key, "pdf", pdf, pages),
        ]
    return written


def _links(document: str, month: str, language: Language) -> list[tuple[str, str]]:
    """Return what lies beside a page: the other one, and its own document to print."""
    files = [*((other, "html") for other in DOCUMENTS if other != document), (document, "pdf")]
    return [
        (words_of(*each, language), name_of(month, language.code, each[1], each[0]))
        for each in files
    ]
