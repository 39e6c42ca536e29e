"""The segments as the report shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.segments.contract import PROVISIONAL, UNCLASSIFIED
from amazing_assets.segments.naming.codes import NAME_COLUMNS, Name
from amazing_assets.segments.naming.given import called_today

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language
    from amazing_assets.segments.naming.given import GivenNames

# Told apart by people who see no red or green as well, and readable as text on white.
COLOURS = (
    "#0b6aa6",
    "#c2500a",
    "#00795c",
    "#a03d76",
    "#7d6200",
    "#2b7f93",
    "#5a4b9c",
    "#8a3b2e",
    "#4d6b1f",
    "#5f5f6b",
    "#b0307a",
    "#1f4e79",
)

GREY = "#8a929a"


class Segment(NamedTuple):
    """A segment, or the customers without one.

    Attributes:
        number: None without a segment.
        name: Its code, as in the tables.
        label: As the reader is told.
        is_provisional: Whether a person has yet to agree to the name.
        is_given: Whether a person gave it; it then says nothing that the platform could explain.
    """

    number: int | None
    name: str
    label: str
    colour: str
    is_provisional: bool = False
    is_given: bool = False

    @property
    def key(self) -> str:
        """Name of the segment in links and files."""
        return f"segment-{self.number or UNCLASSIFIED}"


def segments_of(tables: ReportTables, language: Language) -> list[Segment]:
    """Return the segments of the month by number, without the unclassified."""
    known = tables.profiles.select("segment", *NAME_COLUMNS).drop_nulls("segment").unique()
    return [
        segment_of(number, Name.of(*name), language, tables.given)
        for number, *name in known.sort("segment").iter_rows()
    ]


def is_shown(tables: ReportTables, segment: Segment) -> bool:
    """Whether anything may be said of a segment: not of fewer than 20 customers."""
    return tables.profiles.filter(segment=segment.number)["value"].count() > 0


def segment_of(number: int, name: Name, language: Language, given: GivenNames) -> Segment:
    """Return a segment as a reader knows it: as a person calls it, else by its own name."""
    colour = COLOURS[(number - 1) % len(COLOURS)]
    label, is_given = called_today(number, name, language, given), number in given
    is_provisional = name.status == PROVISIONAL and not is_given
    return Segment(number, name.code, label, colour, is_provisional, is_given)


def elsewhere(number: int | None, code: str, tables: ReportTables, language: Language) -> Segment:
    """Return where customers are who are in none of the segments: in one that is gone, or not."""
    if number is None:
        return without_segment(code, language)
    return segment_of(number, Name(code), language, tables.given)


def without_segment(code: str, language: Language) -> Segment:
    """Return the customers who are in no segment: `unclassified`, `new` or `gone`."""
    return Segment(None, code, language.say(f"segment.{code}"), GREY)
