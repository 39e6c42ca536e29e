"""Customers whom no campaign reaches for half a year, so that it is known what would have happened.

Whoever is drawn is drawn by the pseudonym, which is keyed: nobody outside can foretell it, and
nothing is stored. Customers change places one by one, so that every week some are new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import polars_hash as plh

from amazing_assets.dates import WEEK

if TYPE_CHECKING:
    from datetime import date

# Who is drawn stays so long; then all are drawn anew.
HOLDOUT_WEEKS = 26

# A hash is a number of 64 bits: its upper half is fine enough, and exact as a float.
_HALF = 2**32


def is_holdout(user_id: pl.Expr, week: date, share: float) -> pl.Expr:
    """Whether a customer is held out of campaigns in a week.

    Args:
        user_id: Pseudonyms.
        week: The Tuesday that begins the week.
        share: Of the customers, from 0 to 1. With a larger one nobody leaves who was held out.
    """
    number = pl.lit(week.toordinal() // WEEK.days, pl.UInt64)
    # Each customer's half years begin in a week of its own.
    begins = _hash(user_id) % HOLDOUT_WEEKS
    drawn = _hash(user_id, (number + begins) // HOLDOUT_WEEKS)
    return ((drawn // _HALF) < pl.lit(round(share * _HALF), pl.UInt64)).alias("is_holdout")


def _hash(*numbers: pl.Expr) -> pl.Expr:
    """Return a number of 64 bits that looks like chance and is always the same."""
    text = pl.concat_str(*(number.cast(pl.String) for number in numbers), separator=" ")
    return plh.NonCryptographicHashingNameSpace(text).xxhash64()
