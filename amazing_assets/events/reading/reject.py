"""Why a line is not an event, and the line as it may be kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.errors import quoted
from amazing_assets.events.contract import EVENT_TYPES, Reason
from amazing_assets.events.reading.grammar import PRICE_BOUND, is_inside, is_nothing, moment
from amazing_assets.events.reading.mask import masked
from amazing_assets.events.reading.quotes import (
    FIELDS,
    as_csv,
    commas,
    fields_of,
    has_stray_quotes,
)
from amazing_assets.landing.zone import LandingError

if TYPE_CHECKING:
    from amazing_assets.events.reading.blocks import Block

_DESTROYED = r"^\s*[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+\s*$|^\s*[0-9]+\.0*\s*$"
_IDS = ("product_id", "category_id", "user_id")


def judge(lines: pl.DataFrame, block: Block, month: str | None) -> pl.DataFrame:
    """Return of each line why it is no event of the month, if it is none.

    Args:
        lines: Columns `line_number`, `line` and what the parser found no value for: `unreadable`,
            where one must be, `no_category` and `no_price`, where there may be none.
        block: Where they come from.
        month: The month that the file's name says; None: it may hold any.

    Returns:
        Columns `line_number`, `file`, `reason` (null: it is an event after all), `line`, the ids
        of customer and visit masked, and `words`, how many words for nothing stand where a number
        may.

    Raises:
        LandingError: The file's ids were destroyed by a spreadsheet.
    """
    texts = _fields(lines, block)
    _refuse_destroyed_ids(texts, block)
    words = (_is_word(name).cast(pl.Int64) for name in ("category_id", "price"))
    return texts.select(
        pl.col("line_number").cast(pl.Int64),
        file=pl.lit(block.file),
        reason=_reason(month).cast(Reason),
        line=masked(block.columns.index("user_id"), block.columns.index("user_session")),
        words=pl.sum_horizontal(words),
    )


def _refuse_destroyed_ids(texts: pl.DataFrame, block: Block) -> None:
    """Refuse a file whose ids went through a spreadsheet or a float: few of many are left."""
    destroyed = pl.any_horizontal(pl.col(_IDS).str.contains(_DESTROYED))
    found = texts.filter(destroyed).head(1).select("line_number", *_IDS)
    for row in found.iter_rows(named=True):
        number = row.pop("line_number")
        name, value = next((n, v) for n, v in row.items() if v and re.fullmatch(_DESTROYED, v))
        # Of a customer only the form is shown, for a sentence ends in logs and alerts.
        shown = re.sub(r"\d", "#", value) if name == "user_id" else value
        raise LandingError(
            f"{block.file} line {number}: {name} {quoted(shown)} is no whole number any more, "
            f"the file was opened in a spreadsheet or its ids were read as floats; deliver the "
            f"original."
        )


def _fields(lines: pl.DataFrame, block: Block) -> pl.DataFrame:
    """The lines and their fields as text; null where a line does not have nine."""
    csv = as_csv(lines["line"]).alias("csv")
    return (
        lines.with_columns(csv)
        .with_columns(fields=fields_of(pl.col("csv"), block.columns))
        .unnest("fields")
    )


def _reason(month: str | None) -> pl.Expr:
    """The first thing wrong with a line, None if nothing is."""
    numbers = pl.all_horizontal(_is_id(name) for name in _IDS)
    reasons = {
        "not_utf8": pl.col("line").str.contains("\ufffd", literal=True),
        **_reasons_of_form(pl.col("csv").is_null()),
        "unparsable_time": moment("event_time").is_null(),
        "outside_month": ~is_inside(moment("event_time"), month),
        "unknown_event_type": ~pl.col("event_type").is_in(EVENT_TYPES),
        "missing_id": pl.any_horizontal(is_nothing(pl.col("product_id", "user_id"))),
        "unparsable_id": ~numbers,
        **_reasons_of_price(),
    }
    # The parser has the last word: it takes no number with a space behind it.
    category, price = (~is_nothing(pl.col(name)) for name in ("category_id", "price"))
    last_words = {
        "unparsable_id": pl.col("unreadable") | (pl.col("no_category") & category),
        "unparsable_price": pl.col("no_price") & price,
    }
    whens = [*reasons.items(), *last_words.items()]
    return pl.coalesce(pl.when(holds).then(pl.lit(reason)) for reason, holds in whens)


def _reasons_of_form(is_ragged: pl.Expr) -> dict[str, pl.Expr]:
    line = pl.col("line")
    return {
        "stray_quotes": is_ragged & has_stray_quotes(line),
        "too_few_fields": is_ragged & (commas(line) < FIELDS - 1),
        "too_many_fields": is_ragged,
    }


def _reasons_of_price() -> dict[str, pl.Expr]:
    text = pl.col("price")
    price = text.str.strip_chars().cast(pl.Float64, strict=False)
    is_number = price.is_finite().fill_null(value=False)
    return {
        "unparsable_price": ~is_nothing(text) & ~is_number,
        "price_out_of_bounds": is_number & (price.abs() > PRICE_BOUND),
    }


def _is_id(name: str) -> pl.Expr:
    """Whether a field is a whole number of 64 bits; an empty category is one that is unknown."""
    text = pl.col(name)
    number = text.str.strip_chars().cast(pl.Int64, strict=False).is_not_null()
    return number | is_nothing(text) if name == "category_id" else number


def _is_word(name: str) -> pl.Expr:
    text = pl.col(name)
    return is_nothing(text) & (text.str.strip_chars() != "")
