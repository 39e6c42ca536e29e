"""The report as files: drawn, set and replaced as a whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.delivery.report.charts.drawing import svg
from amazing_assets.delivery.report.content import write_report
from amazing_assets.delivery.report.html import to_html
from amazing_assets.delivery.report.language import LANGUAGES
from amazing_assets.delivery.report.pdf import to_pdf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amazing_assets.delivery.report.tables import ReportTables


class Written(NamedTuple):
    """A file of the report."""

    language: str
    kind: str
    path: Path
    size: int


def file_of(folder: Path, month: str, language: str, kind: str) -> Path:
    """Return where a file of a month's report is."""
    return folder / month / f"segments-{month}-{language}.{kind}"


def write_files(
    tables: ReportTables, folder: Path, languages: Iterable[str] = tuple(LANGUAGES)
) -> list[Written]:
    """Write the report of a month in some languages; readers see the old files or the new ones.

    Args:
        tables: Of the month.
        folder: Of all reports.
        languages: Codes of `LANGUAGES`; files of others stay as they are.
    """
    target = folder / tables.month
    target.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f".{tables.month}.", dir=folder))
    try:
        names = [name for code in languages for name in _write(tables, beside, code)]
        for name in names:
            (beside / name).replace(target / name)
    finally:
        shutil.rmtree(beside)
    return [
        Written(
            name.rsplit("-", 1)[1].split(".")[0],
            name.rsplit(".", 1)[1],
            target / name,
            (target / name).stat().st_size,
        )
        for name in names
    ]


def _write(tables: ReportTables, folder: Path, code: str) -> list[str]:
    language = LANGUAGES[code]
    report = write_report(tables, language)
    pictures = {chart.key: svg(chart.spec, language) for chart in report.charts}
    contents = {
        "html": to_html(report, pictures, language).encode(),
        "pdf": to_pdf(report, pictures, language, tables.month),
    }
    files = {kind: file_of(folder, tables.month, code, kind).name for kind in contents}
    for kind, content in contents.items():
        (folder / files[kind]).write_bytes(content)
    return list(files.values())
