"""The smoke test of a warehouse: a table of its own is written, read, replaced and removed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import polars as pl

from amazing_assets.warehouse.warehouse import Replacement, WarehouseError, read_month

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from amazing_assets.warehouse.warehouse import Warehouse, Writer

_MONTH, _OTHER = "2019-10", "2019-11"

# What a text may hold that a load could take for something else.
_TEXTS = ["plain", "", "\\N", 'a "quoted", text', "\u03b3\u03b5\u03b9\u03b1", None]


@dataclass(frozen=True)
class Seen:
    """What a step of the trial saw.

    Attributes:
        step: What was done.
        saw: What came of it.
    """

    step: str
    saw: str


def try_warehouse(warehouse: Warehouse, writer: Writer) -> Iterator[Seen]:
    """Yield what is seen, step by step; the table is removed whatever comes of it.

    Raises:
        WarehouseError: The warehouse does not do what it should.
    """
    table = f"trial_{uuid4().hex[:12]}"
    october, november = Replacement(table, _rows(_MONTH), "1", _MONTH), _other(table)
    try:
        for replacement in (october, november):
            writer.write(replacement)
        yield _seen("write", "written", warehouse, october)
        yield _seen("another month", "written beside it", warehouse, november)
        again = Replacement(table, october.frame.head(2), "2", _MONTH)
        writer.write(again)
        yield _seen("replace", "replaced", warehouse, again)
        writer.write(again)
        yield _seen("repeat", "as they were", warehouse, again)
        _seen("keep", "untouched", warehouse, november)
    except BaseException:
        # What was wrong before is what is told.
        with suppress(WarehouseError):
            writer.drop(table)
        raise
    writer.drop(table)
    if warehouse.read_table(table) is not None:
        raise WarehouseError(f"The table {table} was removed and is still there; drop it.")
    yield Seen("remove", "the table is gone")


def _other(table: str) -> Replacement:
    return Replacement(table, _rows(_OTHER), "1", _OTHER)


def _rows(month: str) -> pl.DataFrame:
    count = len(_TEXTS)
    numbers = pl.int_range(count, eager=True, dtype=pl.Int64)
    return pl.DataFrame(
        {
            "month": [_first_day(month)] * count,
            "user_id": numbers + 2**62,
            "text": _TEXTS,
            "share": numbers / 3,
            "rank": numbers.cast(pl.Int16),
            "is_even": numbers % 2 == 0,
        }
    )


def _first_day(month: str) -> date:
    return Replacement("", pl.DataFrame(), "", month).day  # type: ignore[return-value]


def _seen(step: str, done: str, warehouse: Warehouse, written: Replacement) -> Seen:
    """Compare what is read with what was written.

    Raises:
        WarehouseError: They differ.
    """
    read = read_month(warehouse, written.table, _first_day(written.key or ""))
    count = 0 if read is None else read.height
    is_same = read is not None and read.sort("user_id").equals(written.frame)
    if not is_same:
        raise WarehouseError(
            f"The step {step!r} of the trial read {count} rows that are not the "
            f"{written.frame.height} that were written; see that no other program writes to the "
            f"schema, and report it."
        )
    return Seen(step, f"{count} rows of {written.key} {done}, read as written")
