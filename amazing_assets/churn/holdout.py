"""Customers whom no campaign reaches for half a year, so that it is known what would have happened.

Whoever is drawn is drawn by the pseudonym, which is keyed: nobody outside can foretell it, and
nothing is stored. Customers change places one by one, so that every week some are new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.churn.drawing import drawn_number, is_below
from amazing_assets.dates import WEEK

if TYPE_CHECKING:
    from datetime import date

# Who is drawn stays so long; then all are drawn anew.
HOLDOUT_WEEKS = 26


def is_holdout(user_id: pl.Expr, week: date, share: float) -> pl.Expr:
    """Whether a customer is held out of campaigns in a week.

    Args:
        user_id: Pseudonyms.
        week: The Tuesday that begins the week.
        share: Of the customers, from 0 to 1. With a larger one nobody leaves who was held out.
    """
    number = pl.lit(week.toordinal() // WEEK.days, pl.UInt64)
    # Each customer's half years begin in a week of its own.
    begins = drawn_number(user_id) % HOLDOUT_WEEKS
    drawn = drawn_number(user_id, (number + begins) // HOLDOUT_WEEKS)
    return is_below(drawn, share).alias("is_holdout")
