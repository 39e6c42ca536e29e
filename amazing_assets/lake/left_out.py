"""Who is left out of a lake: the erased when files are read, objectors when profiles are made.

Both lists lie beside the lake's shards. An erased customer is known by a mark alone, a hash with
another key than the pseudonym, so that the list leads to no row of any table; who objects is still
a customer, and is known as in every other table. The key of the marks is made of the lake's, and
can outlast it: marks cannot be made anew without the ids that nobody has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.lake.sides import side_of
from amazing_assets.pseudonym import mark_key_of, pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amazing_assets.locations import Location

_FOLDER, _ERASED, _OBJECTING, _KEY = ".left_out", "erased", "objecting", "key"


class Erased(NamedTuple):
    """The customers whose rows are not kept when files are read.

    Attributes:
        marks: What they are known by.
        key: Of the marks.
    """

    marks: pl.Series
    key: str

    def without(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows, by the shop's own ids, of all other customers."""
        if self.marks.is_empty():
            return rows
        known = pseudonyms(rows["user_id"], self.key)
        gone = known.filter(pl.col("pseudonym").is_in(self.marks.implode()))
        return rows.join(gone, on="user_id", how="anti", maintain_order="left")


def erased(root: Location, key: str) -> Erased:
    """Return who is not kept in a lake with a key."""
    return Erased(_read(root, _ERASED), mark_key(root, key))


def mark_key(root: Location, key: str) -> str:
    """Return the key of the marks of a lake: its own, or that which outlasted an earlier one."""
    return side_of(root).note(root / _FOLDER, _KEY) or mark_key_of(key)


def keep_mark_key(root: Location, key: str) -> None:
    """Have marks stay what they are when the lake is given another key."""
    side_of(root).write_note_once(root / _FOLDER, _KEY, mark_key(root, key))


def objectors(root: Location) -> pl.Series:
    """Return the pseudonyms of the customers of whom no profile is made."""
    return _read(root, _OBJECTING)


def add_erased(root: Location, marks: Iterable[int]) -> None:
    """Have the rows of some customers not be kept from now on."""
    _change(root, _ERASED, add=marks)


def add_objectors(root: Location, customers: Iterable[int]) -> None:
    """Have no profile be made of some customers from now on."""
    _change(root, _OBJECTING, add=customers)


def remove_objectors(root: Location, customers: Iterable[int]) -> None:
    """Have profiles be made again of some customers, or forget that they objected."""
    _change(root, _OBJECTING, remove=customers)


def without(rows: pl.LazyFrame, customers: pl.Series) -> pl.LazyFrame:
    """Return the rows of all other customers; untouched where there are none to leave out."""
    if customers.is_empty():
        return rows
    return rows.filter(~pl.col("user_id").is_in(customers.implode()))


def _read(root: Location, name: str) -> pl.Series:
    numbers = (side_of(root).note(root / _FOLDER, name) or "").split()
    return pl.Series("user_id", [int(number) for number in numbers], pl.Int64)


def _change(root: Location, name: str, add: Iterable[int] = (), remove: Iterable[int] = ()) -> None:
    def change(known: str) -> str:
        # In the order of the numbers: that of the requests would tell who asked with whom.
        numbers = sorted({*map(int, known.split()), *added} - removed)
        return "".join(f"{number}\n" for number in numbers)

    added, removed = {*add}, {*remove}
    side_of(root).change_note(root / _FOLDER, name, change)
