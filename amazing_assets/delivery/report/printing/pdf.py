"""A report on paper: Typst sets it, with the same type as the pictures."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from amazing_assets.dates import as_of
from amazing_assets.delivery.report.charts.drawing import fonts, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.delivery.report.blocks import Report
    from amazing_assets.language.language import Language

PACKAGE = "amazing_assets.delivery.report.printing"

# Points between the margins, and the height that leaves room for a caption.
WIDEST, HIGHEST, SMALLER = 471.0, 420.0, 0.92


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
    document: dict[str, Any] = asdict(report)
    numbers = {chart.key: number for number, chart in enumerate(report.charts, start=1)}
    for section in document["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "chart":
                del block["spec"]
                block["number"] = numbers[block["key"]]
                block["width"] = width(pictures[block["key"]])
    document["words"] = {name: language.say(f"report.{name}") for name in ("contents", "annex")}
    return document


def width(svg: str) -> float:
    """Return how wide a picture is printed, in points: its type no larger than the text's."""
    across, down = size_of(svg)
    return min(WIDEST, SMALLER * across, HIGHEST * across / down)
