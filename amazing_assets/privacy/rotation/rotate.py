"""One pass: tables, lists and logs are given the numbers of a new key, and the old one reads none.

It can be killed at any moment: what is renamed stays so when it is renamed again, and until the end
nobody else is let into the lake, of which some tables are under one key and some under the other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.lake.key import rebind, unbind
from amazing_assets.lake.left_out import add_objectors, keep_mark_key, objectors, remove_objectors
from amazing_assets.lake.recut import recut
from amazing_assets.privacy import tables, warehouse
from amazing_assets.privacy.alone import ErasureError, alone
from amazing_assets.privacy.ledger import Entry, Kind, Ledger, State
from amazing_assets.privacy.retention.removal import refuse_while_open
from amazing_assets.privacy.rotation.renaming import Renaming, pairs_of
from amazing_assets.privacy.rotation.state import Rotation
from amazing_assets.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.privacy.stores import Stores
    from amazing_assets.progress import Progress


class RotationError(ErasureError):
    """The key cannot be replaced as it is asked; nothing is changed."""


@dataclass(frozen=True)
class Rotated:
    """What a pass did.

    Attributes:
        customers: How many have a new number.
        rows: Rows of the lake under the new numbers, by table.
        unknown: Customers whose id nobody knows any more; their rows are gone.
        files: Places in lists, logs and databases.
    """

    customers: int
    rows: dict[str, int]
    unknown: int
    files: int


@dataclass(frozen=True)
class Change:
    """What is asked.

    Attributes:
        old_key: The key of today.
        new_key: The one that takes its place.
        ids: Returns the ids of the shop's customers, read from the files that have landed.
        remove_unknown: Whether rows of customers whose id is not among them may go.
        install: Puts the new key where the platform reads it.
    """

    old_key: str
    new_key: str
    ids: Callable[[], pl.Series]
    remove_unknown: bool
    install: Callable[[Rotation], None]


def rotate(stores: Stores, change: Change, progress: Progress = silent) -> Rotated:
    """Replace the key of a home, or finish what a killed pass has begun.

    Raises:
        RotationError: Rows of customers whose id is not known would be lost.
        ErasureError: A request of a customer is open, or another pass is at work.
    """
    with alone(stores):
        refuse_while_open(stores)
        state = Rotation.of(stores.home)
        if not state.has_begun:
            _begin(stores, state, change, progress)
        return _finish(stores, state, change, progress)


def _begin(stores: Stores, state: Rotation, change: Change, progress: Progress) -> None:
    """Make the pairs, and let nobody else in; nothing is changed before."""
    if change.new_key == change.old_key:
        raise RotationError("The new key is the key of today; give another one, or none.")
    progress(0, 1, "ids of the files")
    pairs = pairs_of(change.ids(), change.old_key, change.new_key)
    unknown = Renaming(pairs).unknown(_customers(stores))
    if len(unknown) and not change.remove_unknown:
        raise RotationError(
            f"{len(unknown):,} customers of this home are in no file that has landed, so that they "
            f"can be given no new number; put their files back, name a file of their ids with "
            f"--ids, or have their rows removed with --remove-unknown."
        )
    # Marks are made of ids that nobody has: they stay what they are.
    keep_mark_key(stores.lake.root, change.old_key)
    state.begin(change.new_key, pairs, len(unknown))


def _finish(stores: Stores, state: Rotation, change: Change, progress: Progress) -> Rotated:
    unbind(stores.lake.root)
    renaming, unknown = Renaming(state.pairs), state.unknown
    rows = _lake(stores, state, renaming, progress)
    _objectors(stores, renaming)
    progress(0, 2, "warehouse")
    warehouse.rename(stores.warehouse, renaming.pairs)
    progress(1, 2, "lists, logs and history")
    files = stores.rename_in_files(renaming)
    change.install(state)
    rebind(stores.lake.root, state.key)
    stores.refresh()
    done = Rotated(renaming.pairs.height, rows, unknown, files)
    told = {"customers": done.customers, "rows": rows, "unknown": unknown, "places": files}
    Ledger.of(stores.home).add(Entry(Kind.ROTATION, State.DONE, told=told))
    state.close()
    return done


def _lake(
    stores: Stores, state: Rotation, renaming: Renaming, progress: Progress
) -> dict[str, int]:
    cells, done = list(tables.cells(stores.lake)), state.done()
    for number, cell in enumerate(cells):
        progress(number, len(cells), f"{cell.table} {cell.key}")
        if f"{cell.table}/{cell.key}" not in done:
            rows = recut(stores.lake, cell.table, cell.key, renaming.rows, state.rows)
            state.note_done(f"{cell.table}/{cell.key}", rows)
    counted: Counter[str] = Counter()
    for name, rows in state.done().items():
        counted[name.partition("/")[0]] += rows
    return {table: rows for table, rows in counted.items() if rows}


def _objectors(stores: Stores, renaming: Renaming) -> None:
    root = stores.lake.root
    known = objectors(root)
    renamed = renaming.rows(known.to_frame("user_id"))["user_id"]
    # First added: killed in between, somebody is on the list twice, and not on none.
    add_objectors(root, renamed)
    remove_objectors(root, set(known) - set(renamed))


def _customers(stores: Stores) -> pl.Series:
    return pl.concat(
        [tables.customers(stores.lake), warehouse.customers(stores.warehouse)]
    ).unique()
