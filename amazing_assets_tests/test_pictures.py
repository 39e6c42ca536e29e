import zlib

import altair as alt
import polars as pl
import pytest

from amazing_assets.pictures import WIDTH, png, titled


def parts_of(picture):
    """Names of the chunks, checksums verified, and the packed pixels of a PNG."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    position, names, pixels = 8, [], b""
    while position < len(picture):
        length = int.from_bytes(picture[position : position + 4], "big")
        name = picture[position + 4 : position + 8]
        body = picture[position + 8 : position + 8 + length]
        checksum = picture[position + 8 + length : position + 12 + length]
        assert checksum == zlib.crc32(name + body).to_bytes(4, "big")
        names.append(name)
        pixels += body if name == b"IDAT" else b""
        position += length + 12
    return names, pixels


@pytest.fixture(scope="module")
def chart():
    rows = pl.DataFrame({"day": range(31), "events": range(100, 131)})
    bars = alt.Chart(rows, width=WIDTH, height=220).mark_bar().encode(x="day:O", y="events:Q")
    return titled(bars, "Events a day", "of a month")


def test_a_chart_says_what_it_is_about(chart):
    title = chart.to_dict()["title"]
    assert (title["text"], title["subtitle"]) == ("Events a day", "of a month")


def test_a_chart_becomes_a_whole_picture(chart):
    picture = png(chart)
    names, pixels = parts_of(picture)
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert WIDTH <= width <= WIDTH + 160
    # Four bytes a pixel, one more a row.
    assert len(zlib.decompress(pixels)) == height * (4 * width + 1)
    assert (names[0], names[-1]) == (b"IHDR", b"IEND")


def test_a_picture_is_small_enough_for_the_event_log(chart):
    # Base64 text is four thirds of it; the renderer alone writes ten times as much.
    assert len(png(chart)) < 30_000
