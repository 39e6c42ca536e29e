"""`amazing run --new`: what is made because files or inputs changed, told before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amazing_assets.cadence import cadence_of
from amazing_assets.commands.reasons import Left, lines_of, named, reasons
from amazing_assets.runs.stale import TRAINED, Cause, Cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amazing_assets.commands.outcome import Rows
    from amazing_assets.runs.survey import Survey


@dataclass(frozen=True)
class News:
    """What is made and what is left.

    Attributes:
        cells: What is made, each with its cause.
        left: What is not, and why.
    """

    cells: Mapping[Cell, Cause]
    left: tuple[Left, ...]

    @property
    def months(self) -> tuple[str, ...]:
        """The months in which something is made, oldest first."""
        return tuple(sorted({_month(cell.key) for cell in self.cells if cell.key}))

    @property
    def rows(self) -> dict[str, Rows]:
        """The same for programs."""
        made = [reason._asdict() for reason in reasons(self.cells, self.cells)]
        return {"To make": made, "Left": [each._asdict() for each in self.left]}

    @property
    def lines(self) -> list[str]:
        """What a person is told before it begins, a line for each reason."""
        if not self.cells:
            others = [each for each in self.left if each.why != AS_IT_IS]
            nothing = NOTHING_ASKED if others else NOTHING
            return [nothing, *(f"  {line}" for line in lines_of(others))]
        made = [f"  {reason.line}" for reason in reasons(self.cells, self.cells)]
        left = [f"  {line}" for line in lines_of(self.left)]
        return ["To make:", *made, *(["Left:", *left] if left else [])]


NOTHING = "Nothing is to be made: all that has landed was read, and nothing changed since."

NOTHING_ASKED = "Nothing of what was asked for is to be made: it is made of what there is now."

AS_IT_IS = "made of what there is now"


def news(survey: Survey, selection: str, months: Sequence[str] | None) -> News:
    """Return what is to be made of a selection, in some months or in all, and what is left."""
    cells = survey.to_make(selection, months)
    everything = survey.to_make("*")
    left = [
        *_as_they_are(survey, everything),
        *_not_asked_for(cells, everything),
        *_untrained(cells, everything),
    ]
    return News(cells, tuple(left))


def _as_they_are(survey: Survey, everything: Mapping[Cell, Cause]) -> list[Left]:
    stale = {_month(cell.key) for cell in everything if cell.key}
    gone = [month for month in survey.months if month not in survey.landed]
    return [
        *(Left(m, AS_IT_IS) for m in survey.months if m not in stale and m not in gone),
        *(Left(m, "its files no longer lie in the landing zone, its tables stay") for m in gone),
    ]


def _not_asked_for(cells: Mapping[Cell, Cause], everything: Mapping[Cell, Cause]) -> list[Left]:
    others = [cell for cell in everything if cell not in cells]
    return [
        Left(reason.partition, f"{named(reason.tables)}: not asked for, {reason.why}")
        for reason in reasons(others, everything)
    ]


def _untrained(cells: Mapping[Cell, Cause], everything: Mapping[Cell, Cause]) -> list[Left]:
    features = any(cell.asset == "user_features" for cell in cells)
    if not features or any(cell.asset in TRAINED for cell in everything):
        return []
    return [
        Left("segment_model", "a model assigns customers already, and history keeps its segments")
    ]


def _month(key: str) -> str:
    """The month that a month or a week is complete with."""
    return cadence_of(key).months(key)[-1]
