"""From rows of numbers to the lines of a landing file, and into the file, block by block.

Fields are gathered from tables of ready text: formatting times and prices row by row took
longer than simulating them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import polars as pl
import pyarrow as pa
from isal import igzip_threaded

from amazing_assets.demo.behaviour import EVENT_TYPES
from amazing_assets.demo.calendar import DAY
from amazing_assets.demo.chance import Ints
from amazing_assets.demo.days import Day
from amazing_assets.demo.dirt import NO_SESSION
from amazing_assets.demo.faults import CUT, FAULTS, FIELDS, HEADER

BLOCK = 250_000  # rows; text and its copies take some 150 MB at a time
CHEAPEST, DEAREST = -257_407, 257_407  # cents; no price of either shop is beyond
HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), "u2")
DASHES = (8, 13, 18, 23)


class Texts:
    """Tables of ready text, each field with the comma after it."""

    def __init__(self, user_id: Ints) -> None:
        second = pl.Series(np.arange(DAY), dtype=pl.Int64).cast(pl.Duration("ms")) * 1000
        clock = (pl.lit(date(2019, 10, 1)).cast(pl.Datetime("ms")) + second).dt.to_string(
            "%H:%M:%S"
        )
        cents = pl.int_range(CHEAPEST, DEAREST + 1, eager=True)
        whole, part = (cents.abs() // 100).cast(pl.String), (cents.abs() % 100).cast(pl.String)
        sign = pl.select(pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))).to_series()
        self.clock = pl.select(clock).to_series() + " UTC,"
        self.kind = pl.Series(EVENT_TYPES) + ","
        self.price = "," + sign + whole + "." + part.str.zfill(2) + ","
        self.user = pl.Series(user_id).cast(pl.String) + ","


def session_texts(high: pl.Series, low: pl.Series) -> pl.Series:
    """Return session ids as 36 characters; a missing one is empty, or the word that it says."""
    words = np.stack([high.to_numpy(), low.to_numpy()], axis=1).astype(">u8")
    digits = HEX[words.view(np.uint8)].view(np.uint8)
    text = np.insert(digits, np.array(DASHES) - np.arange(4), ord("-"), axis=1)
    offsets = np.arange(len(high) + 1, dtype=np.int64) * 36
    array = pa.LargeStringArray.from_buffers(
        len(high), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text))
    )
    written = cast("pl.Series", pl.from_arrow(array))
    missing = pl.Series(NO_SESSION).gather(
        pl.select(pl.when(low == 0).then(high).otherwise(0)).to_series()
    )
    return pl.select(pl.when(low != 0).then(written).otherwise(missing)).to_series()


def day_lines(today: Day, texts: Texts) -> Iterator[bytes]:
    """Yield a day's lines, in blocks."""
    for block in today.events.iter_slices(BLOCK):
        lines = good_lines(block, texts, today)
        faulty = (block["fault"] > 0).arg_true()
        if len(faulty):
            lines = lines.scatter(faulty, faulty_lines(block[faulty], lines[faulty], today))
        buffer = BytesIO()
        lines.to_frame().write_csv(buffer, include_header=False, quote_style="never")
        written = buffer.getvalue()
        yield written[:-1] if block["fault"][-1] == CUT else written


def good_lines(events: pl.DataFrame, texts: Texts, today: Day) -> pl.Series:
    """Return each event as the shop would write it."""
    # Late events lie before the day; their time is replaced in `faulty_lines`.
    second = (events["second"] - today.number * DAY).clip(0, DAY - 1)
    fields = pl.select(
        pl.concat_str(
            pl.lit(f"{today.date} "),
            texts.clock.gather(second),
            texts.kind.gather(events["kind"]),
            today.products.gather(events["product"]),
            texts.price.gather(events["cents"] - CHEAPEST),
            texts.user.gather(events["customer"]),
            session_texts(events["high"], events["low"]),
        ).alias("line")
    )
    return fields.to_series()


def faulty_lines(events: pl.DataFrame, lines: pl.Series, today: Day) -> pl.Series:
    """Return the lines of events with their faults."""
    ago = (events["second"] - today.number * DAY) * 1_000_000
    moment = pl.lit(today.date).cast(pl.Datetime("us")) + ago.cast(pl.Duration("us"))
    fields = lines.str.split(",").list.to_struct(fields=FIELDS).struct.unnest()
    fields = fields.with_columns(event_time=moment.dt.to_string("%Y-%m-%d %H:%M:%S UTC"))
    wrong = pl.concat_list(fault.text for fault in FAULTS).list.get(pl.lit(events["fault"] - 1))
    return fields.select(wrong).to_series()


@contextmanager
def landing_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that begins with the header, compressed if its name ends in `.gz`.

    The compressor's own thread works while the next block is made. It writes neither a time nor
    a name into the file, so the same world has the same bytes.
    """
    if path.suffix == ".gz":
        # isal ships no annotation for this function.
        opened = igzip_threaded.open(path, "wb", compresslevel=1)  # type: ignore[no-untyped-call]
    else:
        opened = path.open("wb")
    with opened as file:
        file.write(f"{HEADER}\n".encode())
        yield cast("BinaryIO", file)
