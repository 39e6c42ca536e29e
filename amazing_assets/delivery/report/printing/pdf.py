"""A report on paper: Typst sets it, with the same type as the pictures."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from amazing_assets.dates import as_of
from amazing_assets.delivery.report.charts.drawing import fonts, size_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amazing_assets.delivery.report.blocks import Report
    from amazing_assets.language.language import Language

PACKAGE = "amazing_assets.delivery.report.printing"

# Points between the margins, and the height that leaves room for a caption.
WIDEST, HIGHEST, SMALLER = 471.0, 420.0, 0.92

# Between columns, as `report.typ` has it.
GUTTER = 16.0


def to_pdf(report: Report, pictures: Mapping[str, str], language: Language, month: str) -> bytes:
    """Return the document.

    Args:
        report: What it says.
        pictures: The SVG of each chart, by key.
        language: Of the words around it.
        month: As `2019-10`; it dates the document, which thus changes only with its data.
    """
    import typst  # noqa: PLC0415  20 MB, and only needed here

    with TemporaryDirectory() as name:
        folder = Path(name)
        template = resources.files(PACKAGE).joinpath("report.typ").read_text(encoding="utf-8")
        (folder / "report.typ").write_text(template, encoding="utf-8")
        (folder / "report.json").write_text(json.dumps(told(report, pictures, language)))
        for key, svg in pictures.items():
            (folder / f"{key}.svg").write_text(svg, encoding="utf-8")
        document: bytes = typst.compile(
            str(folder / "report.typ"),
            font_paths=[str(fonts())],
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            timestamp=datetime.combine(as_of(month), time.min, UTC),
        )
        return document


def told(report: Report, pictures: Mapping[str, str], language: Language) -> dict[str, Any]:
    """Return what the template reads."""
    document: dict[str, Any] = asdict(replace(report, annexed=()))
    numbers = {chart.key: number for number, chart in enumerate(report.charts, start=1)}
    for section in document["sections"]:
        for block, columns in within(section["blocks"]):
            if block["kind"] == "chart":
                del block["spec"], block["table"]
                block["number"] = numbers[block["key"]]
                block["width"] = width(pictures[block["key"]], columns)
    document["annex"] = [figures(each) for each in report.annexed]
    document["words"] = {name: language.say(f"report.{name}") for name in ("contents", "annex")}
    return document


def within(
    blocks: Iterable[dict[str, Any]], columns: int = 1
) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield every block, those in columns included, with the number of columns beside it."""
    for block in blocks:
        yield block, columns
        for column in block.get("columns", ()):
            yield from within(column, len(block["columns"]))


def figures(report: Report) -> dict[str, Any]:
    """Return the figures behind the charts of a document, under its title."""
    charts = [
        {"number": number, "caption": chart.caption, "table": asdict(chart.table)}
        for number, chart in enumerate(report.charts, start=1)
    ]
    return {"title": report.title, "charts": charts}


def width(svg: str, columns: int = 1) -> float:
    """Return how wide a picture is printed, in points: its type no larger than the text's."""
    across, down = size_of(svg)
    widest = (WIDEST - GUTTER * (columns - 1)) / columns
    return min(widest, SMALLER * across, HIGHEST * across / down)
