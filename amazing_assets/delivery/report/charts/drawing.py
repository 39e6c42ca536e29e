"""What all pictures share: size, type and colours; and how a specification becomes an SVG."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

    from amazing_assets.language.language import Language

FONT = "Source Sans Pro"

# Wide enough for a page, and still readable when a telephone shows it at three quarters.
WIDTH = 400

INK, PALE, RULE = "#26323d", "#b8c0c7", "#e3e7ea"

# Blue and orange differ for everybody; grey-white is "like the others".
DIVERGING = ("#b3560f", "#f0b98a", "#f7f7f5", "#94c0de", "#0b5c94")


def specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return a picture as Vega-Lite, in the report's type and colours."""
    quiet = {"gridColor": RULE, "domainColor": PALE, "tickColor": PALE}
    written = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 11.5,
        "titleFontSize": 11.5,
        "titleFontWeight": "normal",
        "labelLimit": 240,
    }
    # Into the specification, not through altair: each of its steps copies and checks all data.
    specified: dict[str, Any] = chart.to_dict(validate=False)
    looks = {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**quiet, **written},
        "legend": {**written, "orient": "top", "title": None, "symbolStrokeWidth": 2},
        "header": written,
        "text": {"font": FONT, "color": INK},
    }
    return {**specified, "background": "white", "padding": 6, "config": looks}


def svg(spec: dict[str, Any], language: Language) -> str:
    """Return a picture as SVG, its numbers written as the language writes them."""
    return converter().vegalite_to_svg(spec, format_locale=language.locale)  # type: ignore[no-any-return]  # untyped


def size_of(picture: str) -> tuple[float, float]:
    """Return width and height of an SVG, in points.

    Raises:
        ValueError: It names no size.
    """
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture)
    if found is None:
        raise ValueError("The SVG has no view box, so its size is not known.")
    return float(found[1]), float(found[2])


@cache
def converter() -> Any:  # noqa: ANN401 - untyped
    """Return the converter, which knows the report's type."""
    import vl_convert  # noqa: PLC0415  starts an engine of 30 MB

    vl_convert.register_font_directory(str(fonts()))
    return vl_convert


def fonts() -> Any:  # noqa: ANN401 - a path, or what behaves like one
    """Return the folder of the report's type."""
    return resources.files("font_source_sans_pro") / "files"
