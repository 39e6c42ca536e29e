"""What lies in the landing zone, and which of its months are a home's: every run tells the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.commands.arguments import CommandError
from amazing_assets.dates import month_of
from amazing_assets.defs.resources.privacy import lives_of
from amazing_assets.defs.resources.stores import landing_resource
from amazing_assets.defs.triggers.outlived import outlived
from amazing_assets.errors import UsageError, quoted
from amazing_assets.landing.arrivals import signature_of
from amazing_assets.landing.names import month_like, month_of_contacts, month_of_file
from amazing_assets.landing.zone import by_month
from amazing_assets.runs.stale import READ_FROM_FILES, Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amazing_assets.landing.zone import LandedFile
    from amazing_assets.privacy.retention.lives import Lives
    from amazing_assets.settings import Settings

_EXAMPLE = "2019-Oct.csv.gz"

_OUTLIVED = "its month is older than AMAZING_RETENTION keeps raw_events"

NO_MONTH = "its name says no month"

# The terminal shows so many names of files that nobody reads; programs get all.
_SHOWN = 10


class Unread(NamedTuple):
    """A file of the landing zone that no run reads, and why."""

    file: str
    why: str


@dataclass(frozen=True)
class Landed:
    """The files of a landing zone.

    Attributes:
        files: Of each month that is the home's, oldest month first.
        unread: Those that no run reads.
        contacts: Files of contacts of each month.
    """

    files: Mapping[str, Sequence[LandedFile]]
    unread: tuple[Unread, ...] = ()
    contacts: Mapping[str, Sequence[LandedFile]] = field(default_factory=dict)

    @property
    def months(self) -> tuple[str, ...]:
        """The months of which files have landed, oldest first."""
        return tuple(self.files)

    @property
    def signatures(self) -> dict[Cell, str]:
        """A short text for what is read from files, another one whenever they are written again."""
        landed = {READ_FROM_FILES: self.files, "contacts": self.contacts}
        return {
            Cell(asset, month): signature_of({file.name: file.version for file in files})
            for asset, months in landed.items()
            for month, files in months.items()
        }


def landed_files(settings: Settings) -> Landed:
    """Return what lies in the landing zone.

    Raises:
        LandingError: It is missing or cannot be listed.
    """
    files: dict[str, list[LandedFile]] = {}
    unread, lives = [], lives_of(settings)
    # Listed once: a bucket may hold thousands.
    listed = landing_resource(settings).open().place.files()
    contacts = by_month(listed, month_of_contacts)
    for file in listed:
        if month_of_contacts(file.name):
            continue
        month = month_of_file(file.name)
        why = NO_MONTH if month is None else why_outside(settings, lives, month)
        if why is None and month is not None:
            files.setdefault(month, []).append(file)
        elif why is not None:
            unread.append(Unread(file.name, why))
    return Landed(dict(sorted(files.items())), tuple(unread), contacts)


def refuse_nothing(settings: Settings, landed: Landed) -> None:
    """Refuse a landing zone without a file that could be run.

    Raises:
        CommandError: It is one.
    """
    if landed.files:
        return
    if not landed.unread:
        raise CommandError(
            f"No event file has landed in {settings.landing}; put one there under a name such as "
            f"{_EXAMPLE}, or try `amazing demo`."
        )
    first = landed.unread[0]
    raise CommandError(
        f"None of the {len(landed.unread):,} files in {settings.landing} can be read, such as "
        f"{quoted(first.file)}: {first.why}; {_remedy(settings, landed.unread)}."
    )


def _remedy(settings: Settings, unread: Sequence[Unread]) -> str:
    months = sorted(filter(None, (month_of_file(each.file) for each in unread)))
    if not months:
        return f"give them names such as {_EXAMPLE}"
    if all(each.why == _OUTLIVED for each in unread):
        return "give raw_events more months there to read them"
    if months[0] < settings.first_month:
        return f"set AMAZING_FIRST_MONTH={months[0]} to begin there"
    return "deliver a month that has begun"


def unread_lines(landed: Landed) -> list[str]:
    """Return what a person is told of files that no run reads: how many, and some of them."""
    if not landed.unread:
        return []
    # First those that seem to say a month: they may have been meant to be read.
    ordered = sorted(landed.unread, key=lambda each: month_like(each.file) is None)
    shown = ordered[:_SHOWN]
    more = len(landed.unread) - len(shown)
    return [
        f"Files in the landing zone that are not read: {len(landed.unread):,}",
        *(f"  {quoted(each.file)}: {each.why}" for each in shown),
        *([f"  and {more:,} more"] if more else []),
    ]


def why_outside(settings: Settings, lives: Lives, month: str) -> str | None:
    """Return why a month is none of a home's; None if it is one."""
    if month < settings.first_month:
        return f"its month lies before {settings.first_month}, the first of this home"
    if lives.is_over(READ_FROM_FILES, month):
        return _OUTLIVED
    running = running_month()
    if month > running:
        return f"its month has not begun, the last that has is {running}"
    return None


def refuse_other_months(settings: Settings, months: Iterable[str]) -> None:
    """Refuse months before the first partition, and those that have not begun.

    Raises:
        UsageError: There is one.
    """
    first, running, lives = settings.first_month, running_month(), lives_of(settings)
    for month in months:
        if month < first:
            raise UsageError(
                f"{month} lies before {first}, the first month of this home; set "
                f"AMAZING_FIRST_MONTH={month} to begin there."
            )
        if lives.is_over(READ_FROM_FILES, month):
            raise UsageError(outlived(month))
        if month > running:
            raise UsageError(f"{month} has not begun; the last month that has is {running}.")


def running_month() -> str:
    """Return the month of today, whose files may be delivered before it is over."""
    return month_of(datetime.now(UTC).date())
