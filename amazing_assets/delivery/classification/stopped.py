"""Of whom no profile may be made: who objected, and who was forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.lake.left_out import erased, objectors
from amazing_assets.pseudonym import pseudonyms

if TYPE_CHECKING:
    from amazing_assets.lake.left_out import Erased
    from amazing_assets.locations import Location


class Stopped(NamedTuple):
    """Whose profiling was stopped, as a lake knows them.

    Attributes:
        objecting: Pseudonyms of those who object to profiles.
        erased: Those who were forgotten.
        key: Of the pseudonyms.
    """

    objecting: pl.Series
    erased: Erased
    key: str

    @classmethod
    def of(cls, root: Location, key: str) -> Stopped:
        """Return those of a lake, as they are now."""
        return cls(objectors(root), erased(root, key), key)

    def among(self, ids: pl.Series) -> pl.Series:
        """Return those of some customers, by the shop's own ids, whose profiling was stopped."""
        found = [pl.Series("user_id", dtype=pl.Int64)]
        for known, key in ((self.objecting, self.key), (self.erased.marks, self.erased.key)):
            if not known.is_empty():
                named = pseudonyms(ids, key)
                found.append(named.filter(pl.col("pseudonym").is_in(known.implode()))["user_id"])
        return pl.concat(found).unique()
