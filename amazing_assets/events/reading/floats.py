"""Ids that went through floats and came back as whole numbers: one rule for files and months."""

import polars as pl

# A float holds every whole number up to here; above, only multiples of 2, then 4 ... Ids of 19
# digits come back as multiples of 256.
LARGEST_EXACT = 2**53
_STEP = 256

# One whole number in 256 divides by 256; of ten ids nine do by chance once in 5e20.
_FEWEST_IDS = 10
_NEARLY_ALL = 0.9

ROUNDED = (
    "The ids were probably rounded through floats: nearly all that a float cannot hold divide "
    "by 256, so different products or categories may share one. Deliver the original."
)


def share_rounded(ids: pl.Series) -> float | None:
    """Return the share of ids that look rounded, if they are enough and nearly all do.

    Args:
        ids: Different ids above `LARGEST_EXACT`.
    """
    rounded = int((ids % _STEP == 0).sum())
    if ids.len() < _FEWEST_IDS or rounded <= _NEARLY_ALL * ids.len():
        return None
    return rounded / ids.len()
