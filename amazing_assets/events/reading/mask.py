"""A line as it may be kept: the ids of customer and visit replaced, wherever they may stand."""

from __future__ import annotations

import polars as pl

from amazing_assets.events.reading.quotes import FIELDS

MASK = "***"

# Before the fifth field of a line that begins as ours do there is no customer, but for a header
# in another order.
_FIRST_DOUBTFUL = 4

# What may stand around a number, whatever was meant to part the fields.
_WHOLE_NUMBER = r"""(^|[,;\t|"'\s])[+-]?\d+([,;\t|"'\s]|$)"""
_MASKED = "${1}" + MASK + "${2}"

# An id that lost the mark before or behind it; no year and no product of few digits.
_LONG_NUMBER = r"\d{6,}"

# How nearly every shop writes the id of a visit: a UUID, or as many hexadecimal digits.
_VISIT = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{24,}"


def masked(user_field: int, session_field: int) -> pl.Expr:
    """The line with the two ids replaced, of columns `line`, `csv` and `user_id`.

    In a line of nine fields, of which the customer's is a number, they stand nowhere else. Where
    fields are too many, or that field is no number, they may stand anywhere from the fifth field
    on; and where fields are missing, or parted by something else, anywhere at all.

    Args:
        user_field: Where the customer's id stands in the header, from 0.
        session_field: Where the visit's does.
    """
    line = pl.col("line")
    many = line.str.count_matches(",", literal=True)
    is_regular = (many == FIELDS - 1) & pl.col("user_id").str.contains(r"^\d+$")
    is_ours = (many >= FIELDS - 1) & ~line.str.contains(r"[;\t|]")
    return (
        pl.when(is_regular)
        .then(_mask_fields(user_field, session_field))
        .when(is_ours)
        .then(_mask_tail(user_field))
        .otherwise(_mask_ids(line))
    )


def _mask_fields(*numbers: int) -> pl.Expr:
    fields, position = pl.col("line").str.split(","), pl.int_range(pl.len())
    # What is not there is not made up.
    is_id = position.is_in(list(numbers)) & (pl.element().str.strip_chars() != "")
    masked_ones = pl.when(is_id).then(pl.lit(MASK)).otherwise(pl.element())
    return fields.list.eval(masked_ones).list.join(",")


def _mask_tail(user_field: int) -> pl.Expr:
    fields, position = pl.col("line").str.split(","), pl.int_range(pl.len())
    masked_ones = (
        pl.when(position == user_field)
        .then(pl.lit(MASK))
        .when(position >= _FIRST_DOUBTFUL)
        .then(_mask_ids(pl.element()))
        .otherwise(pl.element())
    )
    return fields.list.eval(masked_ones).list.join(",")


def _mask_ids(text: pl.Expr) -> pl.Expr:
    # Twice, for the end of one number is the beginning of the next.
    visitless = text.str.replace_all(_VISIT, MASK)
    once = visitless.str.replace_all(_WHOLE_NUMBER, _MASKED)
    return once.str.replace_all(_WHOLE_NUMBER, _MASKED).str.replace_all(_LONG_NUMBER, MASK)
