"""One pass: what is over in every store, told beforehand or removed, and written down."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from amazing_assets.privacy.alone import ErasureError, alone
from amazing_assets.privacy.ledger import Entry, Kind, Ledger, State
from amazing_assets.privacy.request import read_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amazing_assets.privacy.retention.lives import Lives
    from amazing_assets.privacy.stores import Stores

OPEN = (
    "A request of a customer is open, and what it is answered from is not removed; start `amazing "
    "forget`, or the `amazing object` that was refused, again, then this."
)


class Outlived(NamedTuple):
    """Something whose life is over.

    Attributes:
        life: By which name its life is set.
        what: A table, a model, or what kind of files.
        key: Its month, week, version or file.
        amount: How many rows; of what has none 1.
    """

    life: str
    what: str
    key: str
    amount: int


class Keeper(Protocol):
    """A store of which parts have a life."""

    def outlived(self, lives: Lives) -> Sequence[Outlived]:
        """Return what is over."""

    def remove(self, found: Sequence[Outlived]) -> None:
        """Remove what was found, and what a killed pass has left of it."""


def outlived(keepers: Iterable[Keeper], lives: Lives) -> list[Outlived]:
    """Return what is over in every store; nothing is changed."""
    return [each for keeper in keepers for each in keeper.outlived(lives)]


def remove(stores: Stores, keepers: Iterable[Keeper], lives: Lives) -> list[Outlived]:
    """Remove what is over from every store and write it down; return what it was.

    Raises:
        ErasureError: A request of a customer is open, or another pass is at work.
    """
    removed: list[Outlived] = []
    with alone(stores):
        refuse_while_open(stores)
        for keeper in keepers:
            found = keeper.outlived(lives)
            keeper.remove(found)
            removed += found
        told = {
            "today": lives.today.isoformat(),
            "months": dict(lives.months),
            "removed": amounts(removed),
            "partitions": _keys(removed),
        }
        Ledger.of(stores.home).add(Entry(Kind.RETENTION, State.DONE, told=told))
    return removed


def refuse_while_open(stores: Stores) -> None:
    """Refuse to go on while a customer waits for an answer.

    Raises:
        ErasureError: One does.
    """
    ledger = Ledger.of(stores.home)
    asked = (ledger.pending(kind) for kind in (Kind.ERASURE, Kind.OBJECTION))
    if read_request(stores.home).ids or any(asked):
        raise ErasureError(OPEN)


def amounts(found: Iterable[Outlived]) -> dict[str, int]:
    """Return how much is over, by table, model or kind of file."""
    counted: Counter[str] = Counter()
    for each in found:
        counted[each.what] += each.amount
    return dict(counted)


def _keys(found: Iterable[Outlived]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for each in found:
        keys.setdefault(each.what, []).append(each.key)
    return keys
