import zlib

import pytest

from amazing_assets.events.contract import EVENT_TYPES
from amazing_assets.events.statistics import charts
from amazing_assets_tests.builders import event, raw
from amazing_assets_tests.events.statistics.test_describe import describe, read

CHARTS = (
    charts.volume_by_day,
    charts.volume_by_hour,
    charts.customers_by_events,
    charts.price_distribution,
)

# As base64 text four thirds of it, in Dagster's event log.
LARGEST = 70_000


def parts_of(png):
    """Names, checksums verified, and pixels of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    position, names, pixels = 8, [], b""
    while position < len(png):
        length = int.from_bytes(png[position : position + 4], "big")
        name, body = png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        checksum = png[position + 8 + length : position + 12 + length]
        assert checksum == zlib.crc32(name + body).to_bytes(4, "big")
        names.append(name)
        pixels += body if name == b"IDAT" else b""
        position += length + 12
    return names, pixels


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_a_month_becomes_a_small_picture(world, chart):
    kept, rejected = read(world.files[0], world.months[0])
    png = chart(describe(kept, rejected.lazy(), world.months[0]))
    names, pixels = parts_of(png)
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert len(png) < LARGEST
    assert 600 <= width <= 760
    # Four bytes a pixel, one more a row.
    assert len(zlib.decompress(pixels)) == height * (4 * width + 1)
    assert names[0] == b"IHDR"
    assert names[-1] == b"IEND"


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
@pytest.mark.parametrize("events", [0, 1, 4])
def test_a_month_of_few_events_is_drawn_as_well(chart, events):
    kinds = [event(event_type=kind) for kind in EVENT_TYPES]
    parts_of(chart(describe(raw(*kinds[:events]))))
