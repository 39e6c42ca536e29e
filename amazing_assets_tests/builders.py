"""Events and landed files with good defaults; a test names only what differs."""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from amazing_assets.events.contract import RawEvents, RejectedEvents
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.header import HEADER
from amazing_assets.events.reading.read import read_block
from amazing_assets.lake.contract import find_faults, schema_of
from amazing_assets.landing.zone import LandedFile

KEY = "a key for tests"
OUR_HEADER = ",".join(HEADER)

LINE = {
    "event_time": "2019-10-01 00:00:00 UTC",
    "event_type": "view",
    "product_id": "44600062",
    "category_id": "2103807459595387724",
    "category_code": "electronics.smartphone",
    "brand": "samsung",
    "price": "35.79",
    "user_id": "541312140",
    "user_session": "72d76fde-8bb3-4e00-8c23-a032dfed738c",
}

EVENT: dict[str, Any] = {
    "event_time": datetime(2019, 10, 1, tzinfo=UTC),
    "event_type": "view",
    "product_id": 44600062,
    "category_id": 2103807459595387724,
    "category_code": "electronics.smartphone",
    "brand": "samsung",
    "price_cents": 3579,
    "user_id": 541312140,
    "user_session": "72d76fde-8bb3-4e00-8c23-a032dfed738c",
}


def line(**fields):
    return ",".join({**LINE, **fields}.values())


def content(*lines, header=OUR_HEADER, end="\n"):
    return (end.join([header, *lines]) + end).encode()


def landed(folder, *lines, name="2019-Oct.csv", **how):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(content(*lines, **how))
    return file


def event(**fields):
    return {**EVENT, **fields}


def raw(*events):
    return pl.DataFrame(list(events), schema=schema_of(RawEvents))


def read(file, month="2019-10", **how):
    """What is kept and what is rejected of a landed file: together all lines that are not blank."""
    blocks = list(read_blocks(LandedFile.at(file), **how))
    rows = [read_block(block, month, KEY) for block in blocks]
    kept, rejected = (pl.concat(frames) for frames in list(zip(*rows, strict=True))[:2])
    lines = b"".join(block.text for block in blocks).split(b"\n")
    assert kept.height + rejected.height == sum(not line.isspace() for line in lines if line)
    assert not find_faults(RawEvents.to_schema(), kept)
    assert not find_faults(RejectedEvents.to_schema(), rejected)
    return kept, rejected
