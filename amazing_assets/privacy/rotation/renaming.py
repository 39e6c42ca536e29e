"""Pairs of numbers, and rows and texts renamed by them; who is renamed already stays so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from amazing_assets.pseudonym import pseudonyms

OLD, NEW = "old", "new"

# Pseudonyms are numbers of 63 bits: hardly one of a million has fewer digits.
_NUMBER = re.compile(r"(?<!\d)\d{12,19}(?!\d)")

_MOST = 2**63


def pairs_of(ids: pl.Series, old_key: str, new_key: str) -> pl.DataFrame:
    """Return the pseudonyms of customers under two keys: columns `old` and `new`, by `old`."""
    before, after = pseudonyms(ids, old_key), pseudonyms(ids, new_key)
    joined = before.join(after, on="user_id", suffix="_after")
    return joined.select(pl.col("pseudonym").alias(OLD), pl.col("pseudonym_after").alias(NEW)).sort(
        OLD
    )


@dataclass(frozen=True)
class Renaming:
    """What customers were called, and what they are called from now on.

    Attributes:
        pairs: Columns `old` and `new`, by `old`.
    """

    pairs: pl.DataFrame

    def rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return rows under the new names; those of the unknown are left out."""
        known = frame.join(
            self._known, left_on="user_id", right_on=OLD, how="inner", maintain_order="left"
        )
        return known.with_columns(user_id=pl.col(NEW)).select(frame.columns)

    def unknown(self, customers: pl.Series) -> pl.Series:
        """Return the customers who have no new name and are not called by one."""
        frame = customers.unique().to_frame("user_id")
        return frame.join(self._known, left_on="user_id", right_on=OLD, how="anti")["user_id"]

    def listed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a list under the new names; whoever is unknown, as by the shop's ids, stays."""
        kind = frame["user_id"].dtype
        pairs = self.pairs.with_columns(pl.all().cast(kind))
        found = frame.join(
            pairs, left_on="user_id", right_on=OLD, how="left", maintain_order="left"
        )
        return found.with_columns(user_id=pl.coalesce(NEW, "user_id")).select(frame.columns)

    def count_in(self, text: str) -> int:
        """Return how often a text calls somebody by an old name."""
        return sum(self._renamed(each) is not None for each in _NUMBER.findall(text))

    def masked(self, text: str) -> str:
        """Return a text with new names in place of the old ones."""
        return _NUMBER.sub(lambda found: self._renamed(found[0]) or found[0], text)

    def _renamed(self, number: str) -> str | None:
        if int(number) >= _MOST or self.pairs.is_empty():
            return None
        place = min(int(self.pairs[OLD].search_sorted(int(number))), self.pairs.height - 1)
        old, new = self.pairs.row(place)
        return str(new) if old == int(number) else None

    @cached_property
    def _known(self) -> pl.DataFrame:
        """The pairs, and everybody who is renamed already as their own."""
        return pl.concat([self.pairs, self.pairs.select(pl.col(NEW).alias(OLD), NEW)])
