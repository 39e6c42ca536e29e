"""Why a line is not an event, and the line as it may be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.events.contract import EVENT_TYPES, Reason
from amazing_assets.events.reading.grammar import FIELDS, NINE_FIELDS, cents, is_inside, moment
from amazing_assets.landing.zone import LandingError

if TYPE_CHECKING:
    from amazing_assets.events.reading.blocks import Block

_DESTROYED = r"^\s*\d+(?:\.\d+)?[eE][+-]?\d+\s*$|^\s*\d+\.0*\s*$"
_IDS = ("product_id", "category_id", "user_id")

MASK = "***"


def refuse_destroyed_ids(lines: pl.DataFrame, block: Block) -> None:
    """Refuse a file whose ids went through a spreadsheet or a float: few of many are left.

    Raises:
        LandingError: An id is written as `2.10381E+18` or `1487580005134238553.0`.
    """
    destroyed = pl.col(_IDS).str.contains(_DESTROYED)
    found = _fields(lines, block).filter(pl.any_horizontal(destroyed)).head(1)
    if found.height:
        row = found.select("line_number", *_IDS).row(0, named=True)
        number = row.pop("line_number")
        name, value = next(
            (n, v) for n, v in row.items() if v and not v.strip().lstrip("+-").isdecimal()
        )
        raise LandingError(
            f"{block.file} line {number}: {name} {value} is no whole number any more, the file "
            f"was opened in a spreadsheet or its ids were read as floats; deliver the original."
        )


def explain(lines: pl.DataFrame, block: Block, month: str) -> pl.DataFrame:
    """Return the lines that are no events of the month, each with its reason.

    Args:
        lines: Columns `line_number`, `line` and `unreadable`: whether the parser found no value
            where one must be; other lines may turn out to be events after all.
        block: Where they come from.
        month: The month that the file's name says.

    Returns:
        Columns `line_number`, `file`, `reason` and `line`, the customer's id masked.
    """
    return (
        _fields(lines, block)
        .with_columns(reason=_reason(month).cast(Reason), file=pl.lit(block.file))
        .filter(pl.col("reason").is_not_null())
        .with_columns(line=_masked(block.columns.index("user_id")), line_number=_line_number())
    )


def _line_number() -> pl.Expr:
    return pl.col("line_number").cast(pl.Int64)


def _fields(lines: pl.DataFrame, block: Block) -> pl.DataFrame:
    """The lines and their fields as text; null where a line does not have nine."""
    fields = pl.col("line").str.extract_groups(NINE_FIELDS).struct.rename_fields(block.columns)
    unquoted = (
        pl.col(block.columns)
        .str.replace(r'^"((?s:.*))"$', "${1}")
        .str.replace_all('""', '"', literal=True)
    )
    return lines.with_columns(fields.alias("fields")).unnest("fields").with_columns(unquoted)


def _reason(month: str) -> pl.Expr:
    """The first thing wrong with a line, None if nothing is."""
    line, commas = pl.col("line"), pl.col("line").str.count_matches(",", literal=True)
    missing = pl.any_horizontal(pl.col("product_id", "user_id").str.strip_chars() == "")
    numbers = pl.all_horizontal(_is_id(name) for name in _IDS)
    price = cents(pl.col("price").str.strip_chars().cast(pl.Float64, strict=False))
    ragged = pl.col("event_time").is_null()
    return (
        pl.when(line.str.contains("\ufffd", literal=True))
        .then(pl.lit("not_utf8"))
        .when(ragged & (commas < FIELDS - 1))
        .then(pl.lit("too_few_fields"))
        .when(ragged)
        .then(pl.lit("too_many_fields"))
        .when(moment("event_time").is_null())
        .then(pl.lit("unparsable_time"))
        .when(~is_inside(moment("event_time"), month))
        .then(pl.lit("outside_month"))
        .when(~pl.col("event_type").is_in(EVENT_TYPES))
        .then(pl.lit("unknown_event_type"))
        .when(missing)
        .then(pl.lit("missing_id"))
        .when(~numbers)
        .then(pl.lit("unparsable_id"))
        .when(price.is_null())
        .then(pl.lit("unparsable_price"))
        # The parser has the last word: it takes no number with a space behind it.
        .when("unreadable")
        .then(pl.lit("unparsable_id"))
    )


def _is_id(name: str) -> pl.Expr:
    """Whether a field is a whole number of 64 bits; an empty category is one that is unknown."""
    text = pl.col(name).str.strip_chars()
    number = text.cast(pl.Int64, strict=False).is_not_null()
    return number | (text == "") if name == "category_id" else number


def _masked(user_field: int) -> pl.Expr:
    """The line with the customer's id replaced.

    In a regular line that is one field. Where fields are missing or too many, or that field is
    no number, the id may stand elsewhere: every whole number from the fifth field on is masked.
    """
    fields = pl.col("line").str.split(",")
    element, position = pl.element(), pl.int_range(pl.len())
    whole_number = element.str.contains(r'^\s*"?[+-]?\d+"?\s*$')
    regular = (fields.list.len() == FIELDS) & pl.col("user_id").str.contains(r"^\d+$")
    only = fields.list.eval(pl.when(position == user_field).then(pl.lit(MASK)).otherwise(element))
    every = fields.list.eval(
        pl.when((position == user_field) | ((position >= 4) & whole_number))  # noqa: PLR2004
        .then(pl.lit(MASK))
        .otherwise(element)
    )
    return pl.when(regular).then(only).otherwise(every).list.join(",")
