"""A customer disappears: from every store at once, from files that are read again, with proof.

One pass is for all who asked. It can be killed at any moment: whoever asked stays in the open
request, whose next pass finds done what is done. The order is that of safety: first nobody comes
back, then what is there goes, then it is looked for anew, and only what is not found is proven.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from amazing_assets.lake.left_out import add_erased, remove_objectors
from amazing_assets.privacy import tables, warehouse
from amazing_assets.privacy.alone import ErasureError, alone
from amazing_assets.privacy.ledger import Entry, Kind, Ledger, State
from amazing_assets.privacy.request import Request, close, keep, read_request
from amazing_assets.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from amazing_assets.privacy.people import People
    from amazing_assets.privacy.request import Rows
    from amazing_assets.privacy.stores import Stores
    from amazing_assets.progress import Progress

# Where somebody publishes a table meanwhile, what was read before is in it: it is looked again.
_PASSES = 3

# Places that a sentence names.
_NAMED = 3


@dataclass(frozen=True)
class Erased:
    """What a pass did.

    Attributes:
        customers: How many it was for.
        rows: Rows of the lake that were taken out, by table and partition.
        crowded: Months in which they had a part in a session of too many customers.
        warehouse: Rows of the warehouse, by table.
        files: Places in other files: rows of lists, lines of logs.
    """

    customers: int
    rows: Rows
    crowded: tuple[str, ...]
    warehouse: Mapping[str, int]
    files: int

    @property
    def by_table(self) -> dict[str, int]:
        """Rows that were taken out, by table."""
        lake = {table: sum(keys.values()) for table, keys in self.rows.items()}
        return {**lake, **self.warehouse}

    @property
    def account(self) -> dict[str, object]:
        """What the ledger keeps of it."""
        return {
            "customers": self.customers,
            "rows": self.by_table,
            "partitions": {table: sorted(keys) for table, keys in self.rows.items()},
            "places in files": self.files,
            "found afterwards": 0,
        }


def ask(stores: Stores, ids: Iterable[int], key: str) -> Request:
    """Have customers be forgotten: from now on they are pending, and no file brings them back."""
    with alone(stores):
        known = read_request(stores.home)
        wanted = known.joined(ids)
        people = stores.people(wanted.ids, key)
        before = stores.people(known.ids, key).marks
        new = tuple(mark for mark in people.marks if mark not in before)
        keep(stores.home, wanted)
        if new:
            Ledger.of(stores.home).add(Entry(Kind.ERASURE, State.ASKED, new))
        add_erased(stores.lake.root, people.marks)
    return wanted


def erase(
    stores: Stores,
    key: str,
    settle: Callable[[Erased], Mapping[str, object]],
    progress: Progress = silent,
) -> Erased | None:
    """Forget everybody who asked, prove it and write it down; None if nobody did.

    Args:
        stores: What is searched.
        key: Of the pseudonyms.
        settle: Is given what was taken out before the request is closed: has what was made of it
            be made again, and returns what else belongs into the ledger.
        progress: Is told what is done.

    Raises:
        ErasureError: They are still found somewhere; the request stays open.
    """
    with alone(stores):
        request = read_request(stores.home)
        if not request.ids:
            close(stores.home)
            return None
        people = stores.people(request.ids, key)
        # Somebody killed while asking may have got no further than the request.
        add_erased(stores.lake.root, people.marks)
        remove_objectors(stores.lake.root, people.pseudonyms)
        done = _Pass(stores, key, progress).until_proven(request)
        told = {**done.account, **settle(done)}
        Ledger.of(stores.home).add(Entry(Kind.ERASURE, State.DONE, people.marks, told))
        close(stores.home)
    return done


@dataclass
class _Pass:
    """A pass through every store."""

    stores: Stores
    key: str
    progress: Progress
    in_warehouse: Counter[str] = field(default_factory=Counter)
    in_files: int = 0

    def until_proven(self, request: Request) -> Erased:
        """Take everybody of a request out until nobody is found any more."""
        left: dict[str, int] = {}
        for _ in range(_PASSES):
            request = self._found(request)
            people = self.stores.people(request.ids, self.key, request.sessions)
            request = self._out_of_lake(request, people)
            self._out_of_the_rest(people)
            left = self.stores.left(people)
            if not left:
                number = len(request.ids)
                return Erased(
                    number, request.rows, request.crowded, self.in_warehouse, self.in_files
                )
        raise ErasureError(_still_there(left))

    def _found(self, request: Request) -> Request:
        self.progress(0, 1, "looking")
        found = tables.find(self.stores.lake, self.stores.people(request.ids, self.key))
        request = request.knowing(found.rows, found.visits, found.crowded)
        # On the disk before the first row goes: only the tables tell which visits were theirs.
        keep(self.stores.home, request)
        return request

    def _out_of_lake(self, request: Request, people: People) -> Request:
        cells = [
            cell
            for cell in tables.cells(self.stores.lake)
            if cell.is_of_lines or cell.key in request.rows.get(cell.table, {})
        ]
        number = len({cell.table for cell in cells})
        self.progress(0, number, "lake")
        for done, (table, rows) in enumerate(tables.take_out(self.stores.lake, cells, people), 1):
            self.progress(done, number, table)
            if rows[table]:
                # What a line says of a visit is not found before it is taken out.
                request = request.knowing(rows, (), ())
        tables.make_prices_again(self.stores.lake, request.rows.get("clean_events", {}))
        keep(self.stores.home, request)
        return request

    def _out_of_the_rest(self, people: People) -> None:
        self.progress(0, 3, "warehouse")
        self.in_warehouse.update(warehouse.take_out(self.stores.warehouse, people))
        self.stores.refresh()
        self.progress(1, 3, "lists, logs and history")
        self.in_files += self.stores.take_out_of_files(people)
        self.progress(2, 3, "proof")


def _still_there(left: Mapping[str, int]) -> str:
    places = [f"{place} ({number:,})" for place, number in left.items()]
    others = f" and {len(places) - _NAMED} more places" if len(places) > _NAMED else ""
    return (
        f"The request stays open, for its customers are still found in "
        f"{', '.join(places[:_NAMED])}{others}; wait until no run is under way, then start "
        f"`amazing forget` again."
    )
