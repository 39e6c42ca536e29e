"""The segments as the report shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.delivery.report.figures import UNCLASSIFIED
from amazing_assets.segments.naming.names import in_english

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

# How a language names what the tables name in French.
NAMED: dict[str, Callable[[str], str]] = {"fr": str, "en": in_english}

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
        name: As in the tables.
        label: As the reader is told.
    """

    number: int | None
    name: str
    label: str
    colour: str
    is_provisional: bool = False

    @property
    def key(self) -> str:
        """Name of the segment in links and files."""
        return f"segment-{self.number or UNCLASSIFIED}"


def segments_of(tables: ReportTables, language: Language) -> list[Segment]:
    """Return the segments of the month by number, without the unclassified."""
    known = tables.profiles.select("segment", "segment_name").drop_nulls().unique().sort("segment")
    return [segment_of(number, name, language) for number, name in known.iter_rows()]


def segment_of(number: int | None, name: str, language: Language) -> Segment:
    """Return a segment as a reader knows it."""
    if number is None:
        known = f"segment.{name}"
        return Segment(None, name, language.say(known), GREY)
    colour = COLOURS[(number - 1) % len(COLOURS)]
    inner = name.removeprefix("provisional (")
    told = NAMED[language.code](name if inner == name else inner.removesuffix(")"))
    if inner == name:
        return Segment(number, name, told, colour)
    label = language.say("segment.provisional", name=told)
    return Segment(number, name, label, colour, is_provisional=True)
