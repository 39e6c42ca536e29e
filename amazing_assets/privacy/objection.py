"""A customer objects: what happened stays, and nothing is made of it any more.

Features, views, sequences, segments, scores, values and lists leave the customer out from now on,
and what there is of these goes at once; the next models learn nothing from the customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amazing_assets.lake.left_out import add_objectors, remove_objectors
from amazing_assets.privacy import tables, warehouse
from amazing_assets.privacy.alone import ErasureError, alone
from amazing_assets.privacy.ledger import Entry, Kind, Ledger, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amazing_assets.privacy.people import People
    from amazing_assets.privacy.stores import Stores


@dataclass(frozen=True)
class Objected:
    """What was taken out of profiles.

    Attributes:
        customers: Of how many.
        rows: How many rows, by table.
        lists: Rows of lists, audiences and views in files.
    """

    customers: int
    rows: Mapping[str, int]
    lists: int


def object_to_profiles(stores: Stores, ids: Iterable[int], key: str) -> Objected:
    """Have no profile be made of some customers, and take out those there are.

    Raises:
        ErasureError: A profile is being written at this moment; the objection is kept.
    """
    people, ledger = stores.people(ids, key), Ledger.of(stores.home)
    with alone(stores):
        ledger.add(Entry(Kind.OBJECTION, State.ASKED, people.marks))
        add_objectors(stores.lake.root, people.pseudonyms)
        rows = _taken_out(stores, people)
        lists = stores.take_out_of_lists(people)
        _prove(stores, people)
        told = {"customers": len(people.ids), "rows": rows, "rows of lists": lists}
        ledger.add(Entry(Kind.OBJECTION, State.DONE, people.marks, told))
    return Objected(len(people.ids), rows, lists)


def withdraw(stores: Stores, ids: Iterable[int], key: str) -> int:
    """Have profiles be made again, from the next ones on; return of how many customers."""
    people = stores.people(ids, key)
    with alone(stores):
        remove_objectors(stores.lake.root, people.pseudonyms)
        Ledger.of(stores.home).add(Entry(Kind.OBJECTION, State.WITHDRAWN, people.marks))
    return len(people.ids)


def _taken_out(stores: Stores, people: People) -> dict[str, int]:
    profiles = [cell for cell in tables.cells(stores.lake) if cell.is_profile]
    taken = (found for _, found in tables.take_out(stores.lake, profiles, people))
    rows = {table: sum(keys.values()) for found in taken for table, keys in found.items() if keys}
    rows |= warehouse.take_out(stores.warehouse, people)
    stores.refresh()
    return rows


def _prove(stores: Stores, people: People) -> None:
    found = tables.find(stores.lake, people).rows
    left = [table for table in found if table not in tables.KEPT_OF_OBJECTORS]
    left += warehouse.count(stores.warehouse, people)
    if left:
        raise ErasureError(
            f"The objection is kept, but a profile was written meanwhile in {left[0]}; start "
            f"`amazing object` again."
        )
