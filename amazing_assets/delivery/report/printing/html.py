"""A report as one HTML file that asks nothing of any network."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from amazing_assets.delivery.report.charts.drawing import FONT, fonts, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amazing_assets.delivery.report.blocks import Chart, Report
    from amazing_assets.language.language import Language

PACKAGE = "amazing_assets.delivery.report.printing"

# The type's weights that the page and the pictures use.
WEIGHTS = {400: "Regular", 600: "Semibold", 700: "Bold"}

# The page's type is larger than that of the pictures.
LARGER = 1.25

# Latin with accents, punctuation, arrows and signs; the whole type would weigh ten times more.
CHARACTERS = (*range(0x20, 0x180), *range(0x2000, 0x2070), *range(0x2190, 0x219A), 0x2212, 0x20AC)


def to_html(
    report: Report,
    pictures: Mapping[str, str],
    language: Language,
    links: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the page.

    Args:
        report: What it says.
        pictures: The SVG of each chart, by key.
        language: Of the words around it.
        links: To the files beside it: what each is called, and its name.
    """
    environment = Environment(
        loader=PackageLoader(PACKAGE, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = resources.files(PACKAGE).joinpath("report.css").read_text(encoding="utf-8")
    described = {chart.key: accessible(chart, pictures[chart.key]) for chart in report.charts}
    return environment.get_template("report.html.j2").render(
        report=report,
        pictures=described,
        links=links,
        fonts=Markup(type_faces()),  # noqa: S704  our own
        style=Markup(style),  # noqa: S704  our own
        say=language.say,
    )


def accessible(chart: Chart, svg: str) -> Markup:
    """Return a picture with its description, its names not those of another picture's parts."""
    own = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{chart.key}-", svg)
    label = escape(chart.alt, {'"': "&quot;"})
    # By its own width; a narrow screen makes it smaller, never larger than the text beside it.
    natural = (
        f'<svg role="img" aria-label="{label}" style="width:{size_of(svg)[0] * LARGER:.0f}px" '
    )
    opened = re.sub(
        r'<svg (width|height)="[^"]*" (width|height)="[^"]*" |<svg ', natural, own, count=1
    )
    # A tool that was never asked would read every tick of the axes aloud.
    quiet = re.sub(
        r' (aria-roledescription|aria-label|role)="(?!img")[^"]*"', "", opened.split(">", 1)[1]
    )
    return Markup(opened.split(">", 1)[0] + ">" + quiet)  # noqa: S704  drawn by us


@cache
def type_faces() -> str:
    """Return the type as CSS, cut down to the characters that are used."""
    from fontTools import subset  # noqa: PLC0415  only needed here
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    faces = []
    for weight, name in WEIGHTS.items():
        font = TTFont(str(fonts() / f"SourceSansPro-{name}.ttf"))
        cut = subset.Subsetter(subset.Options(layout_features=["kern", "tnum"], hinting=False))
        cut.populate(unicodes=CHARACTERS)
        cut.subset(font)
        font.flavor = "woff"
        packed = BytesIO()
        font.save(packed)
        source = f"data:font/woff;base64,{b64encode(packed.getvalue()).decode()}"
        faces.append(
            f'@font-face{{font-family:"{FONT}";font-weight:{weight};src:url({source}) '
            'format("woff")}'
        )
    return "\n".join(faces)
