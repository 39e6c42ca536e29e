"""What was done about people's data, when, and its proof: a file that is only ever added to.

It names nobody: a customer is a mark, the keyed hash that the list of the erased holds as well, so
that whoever knows the id and the key can ask what became of a request, and nobody else.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from amazing_assets.lake.lock import hold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Kind(StrEnum):
    """What was asked, by a person or by a rule."""

    ERASURE = "erasure"
    OBJECTION = "objection"
    RETENTION = "retention"
    ROTATION = "rotation"


class State(StrEnum):
    """How far it is: what was asked and not done is pending."""

    ASKED = "asked"
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Entry:
    """A line of the ledger.

    Attributes:
        kind: What was asked.
        state: How far it is.
        marks: Whom it is about; nobody in particular where that is a rule.
        told: What was done and the proof, as figures by name.
        at: When, ISO 8601, UTC.
    """

    kind: Kind
    state: State
    marks: tuple[int, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


@dataclass(frozen=True)
class Ledger:
    """The ledger of a home.

    Attributes:
        file: Where it is.
    """

    file: Path

    @classmethod
    def of(cls, home: Path) -> Ledger:
        """Return the ledger of a home."""
        return cls(home / "privacy" / "ledger.jsonl")

    def add(self, entry: Entry) -> None:
        """Add a line, which is on the disk when this returns."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(asdict(entry), sort_keys=True) + "\n"
        with closing(hold(self.file.with_suffix(".lock"))):
            # A line that a killed process left half written stays alone.
            begun = "" if self._ends_whole() else "\n"
            descriptor = os.open(self.file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "w") as ledger:
                ledger.write(begun + line)
                ledger.flush()
                os.fsync(ledger.fileno())

    def entries(self, *kinds: Kind) -> list[Entry]:
        """Return the entries of some kinds, all if none is named, the oldest first."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        found = filter(None, map(_read, lines))
        return [each for each in found if not kinds or each.kind in kinds]

    def pending(self, kind: Kind) -> frozenset[int]:
        """Return the marks of those of whom something was asked and is not done."""
        open_: set[int] = set()
        for entry in self.entries(kind):
            if entry.state is State.ASKED:
                open_.update(entry.marks)
            else:
                open_.difference_update(entry.marks)
        return frozenset(open_)

    def _ends_whole(self) -> bool:
        return not self.file.exists() or self.file.read_bytes()[-1:] in {b"", b"\n"}


def _read(line: str) -> Entry | None:
    try:
        held = json.loads(line)
    except json.JSONDecodeError:
        return None
    kind, state = Kind(held["kind"]), State(held["state"])
    return Entry(kind, state, tuple(held["marks"]), held["told"], held["at"])
