"""What a run has to say when it is over: what was rejected, flagged, not read, is out of date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amazing_assets.commands.reasons import Reason, reasons
from amazing_assets.commands.rejected import example_rows, reason_rows, rejects_lines
from amazing_assets.commands.terminal import program
from amazing_assets.defs.resources.stores import open_lake
from amazing_assets.events.crowds import Crowds, crowds_of
from amazing_assets.events.rejects import Rejects, rejects_of
from amazing_assets.runs.instance import open_instance
from amazing_assets.runs.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amazing_assets.commands.landed import Landed
    from amazing_assets.commands.outcome import Rows
    from amazing_assets.settings import Settings


@dataclass(frozen=True)
class Account:
    """What a run has to say of its months when it is over.

    Attributes:
        rejects: What was rejected of each month.
        crowds: Sessions of too many customers, of each month that has some.
        outdated: What is no longer made of what there is now.
        landed: What lay in the landing zone.
    """

    rejects: tuple[Rejects, ...]
    crowds: tuple[Crowds, ...]
    outdated: tuple[Reason, ...]
    landed: Landed

    @property
    def rows(self) -> dict[str, Rows]:
        """The same for programs."""
        return {
            "Rejected rows": reason_rows(self.rejects),
            "Examples of rejected rows": example_rows(self.rejects),
            "Sessions of many customers": [each._asdict() for each in self.crowds],
            "Files not read": [each._asdict() for each in self.landed.unread],
            "Out of date": [each._asdict() for each in self.outdated],
        }

    def lines(self) -> Iterator[str]:
        """Yield what a person is told of rejected rows, and of what is out of date."""
        for each in self.rejects:
            yield ""
            yield from rejects_lines(each)
            yield (
                f"`{program()} rejects --month {each.month} --out FILE.csv` writes them, to be "
                f"corrected and delivered as another part."
            )
        if self.crowds:
            yield ""
        yield from (each.line for each in self.crowds)
        if self.outdated:
            yield "\nOut of date now:"
            yield from (f"  {each.line}" for each in self.outdated)
            yield f"`{program()} run --new` makes them again."


def account_of(settings: Settings, landed: Landed, months: Sequence[str]) -> Account:
    """Return what a run of some months has to say."""
    lake = open_lake(settings)
    read = [month for month in months if month in lake.months("rejected_events")]
    found = [rejects_of(lake, month) for month in read]
    clean = [month for month in months if lake.is_current("clean_events", month)]
    crowds = [crowds_of(lake, month) for month in clean]
    with open_instance(settings) as instance:
        outdated, stale = Survey(settings, instance, landed.signatures).outdated()
    return Account(
        tuple(each for each in found if each.rejected),
        tuple(each for each in crowds if each.sessions),
        tuple(reasons(outdated, stale)),
        landed,
    )
