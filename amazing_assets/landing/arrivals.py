"""Which months to run: what lies in the landing zone, against what was known before.

Pure: listing, cursor and clock come in, requests and the next cursor go out. The whole zone is
compared at every tick, so days without a tick, corrections and parts need no rule of their own.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amazing_assets.landing.cursor import Cursor, Waiting
from amazing_assets.landing.names import month_of_file, some_names
from amazing_assets.settings import DEFAULT_SETTLE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from amazing_assets.landing.zone import Version

PARTS_SETTLE = timedelta(seconds=DEFAULT_SETTLE_SECONDS)


@dataclass(frozen=True)
class Arrival:
    """A month that has arrived, whole: to be run once for each `run_key`."""

    month: str
    run_key: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Unread:
    """Files that no run reads.

    Attributes:
        odd: Names that say no month.
        outside: Names that say a month which is not ours.
    """

    odd: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    @property
    def sentence(self) -> str | None:
        """Which files are not read, why and what to do; None: all are."""
        whys = (
            (self.odd, "the name says no month"),
            (self.outside, "the month is not one of ours"),
        )
        said = [f"{some_names(names)} ({why})" for names, why in whys if names]
        if not said:
            return None
        return f"Not read: {'; '.join(said)}; rename them like 2019-Oct.csv.gz, or remove them."

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset(self.odd + self.outside)

    def without(self, known: frozenset[str]) -> Unread:
        """Return those that are not among the known ones."""
        odd = tuple(name for name in self.odd if name not in known)
        return Unread(odd, tuple(name for name in self.outside if name not in known))


@dataclass(frozen=True)
class Arrivals:
    """What a tick found.

    Attributes:
        ready: Months to run now, oldest first.
        cursor: What the next tick has to know.
        unread: Files that are not read.
        told: Those that were told of before.
        settle: How long what waits has to stay the same.
    """

    ready: tuple[Arrival, ...]
    cursor: Cursor
    unread: Unread
    told: frozenset[str]
    settle: timedelta

    @property
    def unreported(self) -> Unread:
        """The files that are not read, and that nobody was told of."""
        return self.unread.without(self.told)

    @property
    def has_news(self) -> bool:
        """Whether other files are not read than were told of."""
        return self.unread.names != self.told

    @property
    def summary(self) -> str:
        """What a person wants to know who asks why nothing starts."""
        waiting = (
            f"{some_names(self.cursor.waiting)}: waiting until nothing changed for "
            f"{self.settle.total_seconds() / 60:g} min"
        )
        told = (
            (self.cursor.waiting, waiting),
            (
                self.unread.odd,
                f"not read, for the name says no month: {some_names(self.unread.odd)}",
            ),
            (
                self.unread.outside,
                f"not read, for the month is not ours: {some_names(self.unread.outside)}",
            ),
        )
        return "; ".join(sentence for is_so, sentence in told if is_so) or "no month is new"


def arrivals(  # noqa: PLR0913  each is asked for by another caller
    listing: Mapping[str, Version],
    cursor: Cursor,
    now: datetime,
    *,
    is_known: Callable[[str], bool] = lambda _: True,
    is_made_of: Callable[[str, str], bool] = lambda _month, _signature: False,
    settle: timedelta = PARTS_SETTLE,
) -> Arrivals:
    """Return the months to run, each once for every state that its files settle in.

    A month whose files are all gone is no run, for there is nothing to read and its tables stay;
    but it is forgotten, so that it runs when its files come back, even unchanged.

    Args:
        listing: Version of every file, by name.
        cursor: What the tick before knew.
        now: In UTC.
        is_known: Whether a month, as `2019-10`, can be run at all.
        is_made_of: Whether a month is made of files of this signature. Asked once they have
            settled, and only of months that the cursor does not know: those that somebody ran by
            hand, or all of them after the cursor was lost.
        settle: How long files have to stay the same before they are run.
    """
    months, unread = _by_month(listing, is_known)
    settled, waiting, ready = dict(cursor.settled), {}, []
    for month in sorted(months.keys() | settled.keys()):
        files = months.get(month, {})
        signature, past = signature_of(files), settled.get(month, ())
        if past[-1:] == (signature,):
            continue
        since = _since(cursor.waiting.get(month), signature, now)
        if now - since < settle:
            waiting[month] = Waiting(signature, since)
            continue
        settled[month] = (*past, signature)
        if files and (past or not is_made_of(month, signature)):
            ready.append(Arrival(month, _run_key(month, signature, past), tuple(files)))
    known = Cursor(settled, waiting, unread.names)
    return Arrivals(tuple(ready), known, unread, cursor.reported, settle)


def signature_of(files: Mapping[str, Version]) -> str:
    """Return a short text that differs whenever the files of a month do."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]


def unread_files(listing: Mapping[str, Version], is_known: Callable[[str], bool]) -> Unread:
    """Return the files that are not read."""
    return _by_month(listing, is_known)[1]


def _by_month(
    listing: Mapping[str, Version], is_known: Callable[[str], bool]
) -> tuple[dict[str, dict[str, Version]], Unread]:
    months: dict[str, dict[str, Version]] = {}
    odd = []
    for name, version in sorted(listing.items()):
        month = month_of_file(name)
        if month is None:
            odd.append(name)
        else:
            months.setdefault(month, {})[name] = version
    ours = {month: files for month, files in months.items() if is_known(month)}
    outside = sorted(name for m, files in months.items() if m not in ours for name in files)
    return ours, Unread(tuple(odd), tuple(outside))


def _since(known: Waiting | None, signature: str, now: datetime) -> datetime:
    if known is None or known.signature != signature:
        return now
    # A clock that was put back would otherwise hold the month until it has caught up.
    return min(known.since, now)


def _run_key(month: str, signature: str, past: tuple[str, ...]) -> str:
    """The same for the same files if the cursor is lost; another one if they were put back."""
    before = past.count(signature)
    return f"{month}:{signature}:{before}" if before else f"{month}:{signature}"
