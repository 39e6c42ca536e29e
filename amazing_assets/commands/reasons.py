"""Why something is made, or left as it is, in words: one line for each partition and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.dates import add_months, first_day, is_month, month_of
from amazing_assets.runs.stale import FORETELLS, TRAINED, Cause, Cell, Why, root

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# A line names so many tables; the rest is a number.
_NAMED = 4

# Of what has no month, as the segment model.
NO_MONTH = "no month"

# By why something is made in the end: something of the same month, or of another.
_OWN = {
    Why.UNREAD: "its files were never read",
    Why.FILES: "its files changed since they were read",
    Why.ABSENT: "never made, or follows what never was",
    Why.EARLIER: "made by an earlier version of the platform, or for another time zone or calendar",
}
_OTHER = {
    Why.UNREAD: "made without {}, whose files were never read",
    Why.FILES: "made of the old {}, whose files changed since they were read",
    Why.ABSENT: "made without a table of {} that was never made",
    Why.EARLIER: "made of a table of {} of an earlier version, or another time zone or calendar",
}


class Reason(NamedTuple):
    """Tables of one partition that are made for the same reason."""

    partition: str
    tables: tuple[str, ...]
    why: str

    @property
    def line(self) -> str:
        """The reason as a line."""
        return f"{self.partition}: {named(self.tables)}: {self.why}"


class Left(NamedTuple):
    """What is not made, and why."""

    what: str
    why: str


def reasons(cells: Iterable[Cell], found: Mapping[Cell, Cause]) -> list[Reason]:
    """Return why some of the stale cells have to be made, months and weeks in order."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        grouped.setdefault((cell.key or NO_MONTH, why_stale(cell, found)), []).append(cell.asset)
    ordered = sorted(grouped.items(), key=lambda item: item[0][0])
    return [Reason(key, tuple(tables), text) for (key, text), tables in ordered]


def why_stale(cell: Cell, found: Mapping[Cell, Cause]) -> str:
    """Return why a stale cell has to be made, by what it follows in the end."""
    start, cause = root(cell, found)
    is_own = start.key == cell.key
    if start.asset in FORETELLS:
        return "no next-action model is in use yet"
    if start.asset in TRAINED or (cell.key is None and not is_own):
        return "no segment model assigns customers yet"
    if cause.why is Why.OLDER:
        return _older(cell, cause.of)
    return _OWN[cause.why] if is_own else _OTHER[cause.why].format(start.key)


def _older(cell: Cell, origin: Cell | None) -> str:
    if origin is None:
        return "made of other inputs than those of now"
    if origin.key == cell.key:
        return f"made of an older {origin.asset}"
    return f"made of the old {origin.key}"


def lines_of(left: Iterable[Left]) -> list[str]:
    """Return a line for each reason; months in a row share one."""
    grouped: dict[str, list[str]] = {}
    for each in left:
        grouped.setdefault(each.why, []).append(each.what)
    return [f"{span}: {why}" for why, names in grouped.items() for span in _spans(names)]


def _spans(names: Sequence[str]) -> list[str]:
    spans: list[list[str]] = []
    for name in names:
        if spans and is_month(name) and spans[-1][-1] == _month_before(name):
            spans[-1].append(name)
        else:
            spans.append([name])
    return [span[0] if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans]


def _month_before(month: str) -> str:
    return month_of(add_months(first_day(month), -1))


def named(tables: Sequence[str]) -> str:
    """Return the names of tables, or some of many."""
    shown, more = tables[:_NAMED], len(tables) - _NAMED
    names = ", ".join(shown)
    return f"{names} and {more} more" if more > 0 else names
