"""Customers drawn by their pseudonyms: as if by chance, and always the same ones."""

from __future__ import annotations

import polars as pl
import polars_hash as plh

# The upper half of a number of 64 bits is fine enough, and exact as a float.
_HALF = 2**32


def drawn_number(user_id: pl.Expr, *more: pl.Expr) -> pl.Expr:
    """Return a number of 64 bits for each customer, and another one for each of `more`."""
    numbers = (number.cast(pl.String) for number in (user_id, *more))
    text = pl.concat_str(*numbers, separator=" ")
    return plh.NonCryptographicHashingNameSpace(text).xxhash64()


def is_below(drawn: pl.Expr, share: float) -> pl.Expr:
    """Whether a drawn number is among the lowest so many; of a larger share all are again."""
    return (drawn // _HALF) < pl.lit(round(share * _HALF), pl.UInt64)
