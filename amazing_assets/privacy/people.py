"""The customers whom a request is about, under every name that a store may know them by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.errors import UsageError, quoted
from amazing_assets.pseudonym import pseudonym_of

if TYPE_CHECKING:
    from collections.abc import Iterable

# A shorter text is no id by itself: a year, a count, a word.
_SHORTEST_TEXT = 8

_MASK, _NOBODY = "***", "0"

# The digits of a share or a mean are no id, whatever they are.
_NUMBER = re.compile(rf"(?<![\d.])\d{{{_SHORTEST_TEXT},19}}(?!\d|\.\d)")
_WORD = re.compile(rf"[0-9A-Za-z_-]{{{_SHORTEST_TEXT},}}")

_MOST = 2**63


@dataclass(frozen=True)
class People:
    """Some customers.

    Attributes:
        ids: The shop's own ids.
        key: The pseudonym key.
        mark_key: The key of their marks.
        sessions: Ids of their visits.
    """

    ids: tuple[int, ...]
    key: str
    mark_key: str
    sessions: frozenset[str] = frozenset()

    @cached_property
    def pseudonyms(self) -> pl.Series:
        """What tables know them by, in the order of their ids."""
        known = [pseudonym_of(each, self.key) for each in self.ids]
        return pl.Series("user_id", known, pl.Int64)

    @cached_property
    def marks(self) -> tuple[int, ...]:
        """What the list of the erased, and the ledger, know them by."""
        return tuple(pseudonym_of(each, self.mark_key) for each in self.ids)

    @cached_property
    def own(self) -> pl.Series:
        """The shop's own ids, as a column."""
        return pl.Series("user_id", self.ids, pl.Int64)

    def is_theirs(self) -> pl.Expr:
        """Whether a row of a table is about one of them."""
        return pl.col("user_id").is_in(self.pseudonyms.implode())

    def count_in(self, text: str) -> int:
        """Return how often a text names one of them or one of their visits."""
        numbers = sum(each in self._numbers for each in _NUMBER.findall(text))
        words = sum(each in self.sessions for each in _WORD.findall(text))
        return numbers + words + sum(text.count(each) for each in self._odd_sessions)

    def masked(self, text: str) -> str:
        """Return a text that names none of them, and is of the same form as before."""
        text = _NUMBER.sub(lambda m: _NOBODY if m[0] in self._numbers else m[0], text)
        text = _WORD.sub(lambda m: _MASK if m[0] in self.sessions else m[0], text)
        for session in self._odd_sessions:
            text = text.replace(session, _MASK)
        return text

    @cached_property
    def _numbers(self) -> frozenset[str]:
        # The shop's own as well: a list of answers, or a line of a log, may be kept under these.
        known = (str(each) for each in (*self.pseudonyms, *self.ids))
        return frozenset(each for each in known if len(each) >= _SHORTEST_TEXT)

    @cached_property
    def _odd_sessions(self) -> tuple[str, ...]:
        """Ids of visits that are no word, which are looked for one by one."""
        long = (each for each in self.sessions if len(each) >= _SHORTEST_TEXT)
        return tuple(each for each in long if not _WORD.fullmatch(each))


def ids_in(text: str, place: str) -> list[int]:
    """Return the customer ids in a text, one a line; blank lines count as none.

    Raises:
        UsageError: A line is no customer id.
    """
    lines = enumerate(text.splitlines(), start=1)
    return [
        _id_of(line.strip(), f"Line {number} of {place}") for number, line in lines if line.strip()
    ]


def known_ids(ids: Iterable[int]) -> tuple[int, ...]:
    """Return customer ids, each once, ascending.

    Raises:
        UsageError: One cannot be a customer's.
    """
    return tuple(sorted({_id_of(str(each), "One of the ids") for each in ids}))


def _id_of(text: str, place: str) -> int:
    # It is not quoted: a sentence ends in a log, and an id with a slip of the pen is still one.
    if not re.fullmatch(r"\d{1,19}", text) or int(text) >= _MOST:
        raise UsageError(
            f"{quoted(place)} is no customer id; give the shop's own ids, whole numbers of at most "
            f"19 digits, one a line."
        )
    return int(text)
