"""A block of lines as typed rows and, for every line that is none, the reason.

The parser is one and the same for all rows: lines that do not have nine fields are taken out
first, so that what becomes of a row never depends on its neighbours.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.events.contract import EventType, RawEvents, RejectedEvents
from amazing_assets.events.reading.grammar import FIELDS, NINE_FIELDS, cents, is_inside, moment
from amazing_assets.events.reading.reject import explain, refuse_destroyed_ids
from amazing_assets.lake.contract import schema_of
from amazing_assets.pseudonym import pseudonyms

if TYPE_CHECKING:
    from amazing_assets.events.reading.blocks import Block

_TYPES = {
    "product_id": pl.Int64,
    "category_id": pl.Int64,
    "price": pl.Float64,
    "user_id": pl.Int64,
}

_KEPT, _REJECTED = schema_of(RawEvents), schema_of(RejectedEvents)


class Rows(NamedTuple):
    """What became of a block's lines: every line is in exactly one of the two."""

    kept: pl.DataFrame
    rejected: pl.DataFrame


def read_block(block: Block, month: str, key: str) -> Rows:
    """Return a block's events, pseudonymised, and its rejected lines.

    Args:
        block: Whole lines of a landed file.
        month: The month that the file's name says, as `2019-10`.
        key: The pseudonym key.

    Returns:
        Frames of `RawEvents` (in the file's order) and `RejectedEvents`.

    Raises:
        LandingError: The file's ids were destroyed by a spreadsheet.
    """
    parsed = _parse_clean(block) if b'"' not in block.text else None
    if parsed is None:
        parsed = _parse_without_odd_lines(block)
    typed = parsed.with_columns(
        moment("event_time"),
        pl.col("event_type").cast(EventType, strict=False),
        price_cents=cents(pl.col("price")),
    ).with_columns(pl.when(is_inside(pl.col("event_time"), month)).then("event_time"))
    required = pl.col("event_time", "event_type", "product_id", "price_cents", "user_id")
    unreadable = pl.any_horizontal(required.is_null()).alias("unreadable")
    # A line with fewer fields ends in nulls, so a null session is looked at as well; the
    # category may be empty, but what stands there must be a number: `explain` tells.
    doubtful = unreadable | pl.any_horizontal(pl.col("category_id", "user_session").is_null())
    suspects = typed.filter(doubtful).select("line_number", unreadable).sort("line_number")
    good, rejected = _judge(typed, suspects, block, month)
    return Rows(_pseudonymise(good, key), rejected)


def _parse_clean(block: Block) -> pl.DataFrame | None:
    """Parse lines without quotes; None if one of them has too many fields or is not text."""
    try:
        parsed = _parse(block.text, block.columns)
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None
    if parsed.height != block.lines:
        return None
    return parsed.with_row_index("line_number", block.first_line)


def _parse_without_odd_lines(block: Block) -> pl.DataFrame:
    """Parse the lines that have nine fields; the others follow as rows of nulls."""
    is_regular = _has_nine_fields(quoted=b'"' in block.text)
    lines = _lines(block).with_columns(is_regular.alias("is_regular"))
    regular, odd = lines.filter("is_regular"), lines.filter(~pl.col("is_regular"))
    text = regular["line"].str.join("\n").item() + "\n" if regular.height else ""
    parsed = _parse(text.encode(), block.columns, quote='"').with_columns(regular["line_number"])
    return pl.concat([parsed, odd.select("line_number")], how="diagonal")


def _parse(text: bytes, columns: tuple[str, ...], quote: str | None = None) -> pl.DataFrame:
    schema = {name: _TYPES.get(name, pl.String) for name in columns}
    if not text:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        io.BytesIO(text),
        has_header=False,
        schema=schema,
        quote_char=quote,
        ignore_errors=True,
    )


def _lines(block: Block) -> pl.DataFrame:
    try:
        lines = pl.read_lines(io.BytesIO(block.text), name="line")
    except pl.exceptions.ComputeError:
        text = block.text.decode("utf-8", errors="replace").encode()
        lines = pl.read_lines(io.BytesIO(text), name="line")
    return lines.with_row_index("line_number", block.first_line)


def _has_nine_fields(*, quoted: bool) -> pl.Expr:
    line = pl.col("line")
    commas = line.str.count_matches(",", literal=True)
    # Where nothing is quoted commas suffice; the pattern takes ten times as long.
    nine = line.str.contains(NINE_FIELDS) if quoted else commas == FIELDS - 1
    return nine & ~line.str.contains("\ufffd", literal=True)


def _judge(
    typed: pl.DataFrame, suspects: pl.DataFrame, block: Block, month: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    if suspects.is_empty():
        return typed, pl.DataFrame(schema=_REJECTED)
    lines = _lines(block)[(suspects["line_number"] - block.first_line).to_list()]
    lines = lines.with_columns(suspects["unreadable"])
    refuse_destroyed_ids(lines, block)
    rejected = explain(lines, block, month).select(_REJECTED.names())
    is_rejected = pl.col("line_number").is_in(rejected["line_number"].implode())
    return typed.filter(~is_rejected), rejected


def _pseudonymise(events: pl.DataFrame, key: str) -> pl.DataFrame:
    known = pseudonyms(events["user_id"], key)
    return (
        events.join(known, on="user_id", how="left", maintain_order="left")
        .drop("user_id")
        .rename({"pseudonym": "user_id"})
        .select(_KEPT.names())
    )
