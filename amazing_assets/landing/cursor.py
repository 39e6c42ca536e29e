"""What the landing sensor remembers from tick to tick."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Waiting:
    """A month whose files have changed, and since when they are as they are."""

    signature: str
    since: datetime


@dataclass(frozen=True)
class Cursor:
    """What is known from tick to tick; an empty one is always safe.

    Attributes:
        settled: Of each month every state that it settled in, the present one last. All of them,
            because a file may be put back, and Dagster ignores a run key that it has seen.
        waiting: Months that have not settled yet.
        reported: Files that are not read and were told of.
    """

    settled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    reported: frozenset[str] = frozenset()

    def to_json(self) -> str:
        """Return the cursor as the text that a sensor keeps."""
        waiting = {m: (w.signature, w.since.isoformat()) for m, w in self.waiting.items()}
        known = {"settled": self.settled, "waiting": waiting, "reported": sorted(self.reported)}
        return json.dumps(known)

    @classmethod
    def from_json(cls, text: str | None) -> Cursor:
        """Return the cursor that a text holds; one that is lost or not understood is empty."""
        try:
            known = json.loads(text or "{}")
            waiting = {
                month: Waiting(signature, datetime.fromisoformat(since))
                for month, (signature, since) in known.get("waiting", {}).items()
            }
            settled = {month: tuple(past) for month, past in known.get("settled", {}).items()}
            return cls(settled, waiting, frozenset(known.get("reported", ())))
        except (ValueError, TypeError, AttributeError):
            return cls()
