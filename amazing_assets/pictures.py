"""Charts as small PNGs of one look."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import altair as alt

# Of the drawing, in pixels; axes come on top.
WIDTH = 600

# Every PNG begins with the same eight bytes.
_SIGNATURE = 8


def titled(chart: alt.TopLevelMixin, title: str, subtitle: str = "") -> alt.TopLevelMixin:
    """Return a chart under its title, in our look."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    heading = alt.Title(title, subtitle=subtitle, anchor="start", fontSize=15, offset=12)
    sober: dict[str, Any] = {"gridColor": "#e6e6e6", "domainColor": "#999999", "titleFontSize": 11}
    drawn: alt.TopLevelMixin = (
        chart.properties(title=heading, background="white", padding=12)
        .configure_view(stroke=None)
        .configure_axis(**sober)
    )
    return drawn


def png(chart: alt.TopLevelMixin) -> bytes:
    """Return a chart as a PNG.

    It goes into Dagster's event log as base64 text, so it should stay below 70 kB.
    """
    import vl_convert  # noqa: PLC0415  heavy, and only needed where pictures are made

    return _squeezed(vl_convert.vegalite_to_png(chart.to_dict()))


def _squeezed(png: bytes) -> bytes:
    """The same picture in fewer bytes: the renderer hardly compresses, 217 kB become 22."""
    chunks = list(_chunks(png))
    pixels = b"".join(body for kind, body in chunks if kind == b"IDAT")
    packed = zlib.compress(zlib.decompress(pixels), level=9)
    kept = [(kind, body) for kind, body in chunks if kind not in {b"IDAT", b"IEND"}]
    written = [*kept, (b"IDAT", packed), (b"IEND", b"")]
    return png[:_SIGNATURE] + b"".join(_chunk(kind, body) for kind, body in written)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = _SIGNATURE
    while position < len(png):
        length = int.from_bytes(png[position : position + 4], "big")
        yield png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        position += length + 12


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return len(body).to_bytes(4, "big") + kind + body + checksum.to_bytes(4, "big")
