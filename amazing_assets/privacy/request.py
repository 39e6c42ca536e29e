"""The open request of a home: who asked to be forgotten, until it is proven that they are.

The one file that holds the shop's own ids after reading, for its owner alone: a process that was
killed can go on only if it knows whom it was at. It is deleted with the proof.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from amazing_assets.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Of each table how many rows of each partition were about them.
Rows = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Request:
    """What is open.

    Attributes:
        ids: The shop's own ids of whom it is about.
        sessions: Their visits, as far as they are known: tables that tell may be done already.
        rows: What was found of them, done already or not.
        crowded: Months in which they had a part in a session of too many customers.
    """

    ids: tuple[int, ...] = ()
    sessions: tuple[str, ...] = ()
    rows: Rows = field(default_factory=dict)
    crowded: tuple[str, ...] = ()

    def joined(self, ids: Iterable[int]) -> Request:
        """Return the request with further customers: one pass is for all of them."""
        return replace(self, ids=tuple(sorted({*self.ids, *ids})))

    def knowing(self, rows: Rows, sessions: Iterable[str], crowded: Iterable[str]) -> Request:
        """Return the request with what was found; of what was found twice the larger number."""
        merged = {table: dict(keys) for table, keys in self.rows.items()}
        for table, keys in rows.items():
            known = merged.setdefault(table, {})
            for key, number in keys.items():
                known[key] = max(known.get(key, 0), number)
        return Request(
            self.ids,
            tuple(sorted({*self.sessions, *sessions})),
            merged,
            tuple(sorted({*self.crowded, *crowded})),
        )


def file_of(home: Path) -> Path:
    """Return where the open request of a home is."""
    return home / "privacy" / "open.json"


def read_request(home: Path) -> Request:
    """Return the open request; one about nobody if there is none."""
    file = file_of(home)
    if not file.exists():
        return Request()
    held = json.loads(file.read_text())
    return Request(
        tuple(held["ids"]), tuple(held["sessions"]), held["rows"], tuple(held["crowded"])
    )


def keep(home: Path, request: Request) -> None:
    """Have the request be open, whoever is killed from now on."""
    write_whole(file_of(home), json.dumps(asdict(request)).encode())


def close(home: Path) -> None:
    """Forget who asked, and what killed processes left of it."""
    file = file_of(home)
    for left in (file, *file.parent.glob(f".{file.name}.*")):
        left.unlink(missing_ok=True)
