"""What a report is made of, whatever it is printed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; the lead, if any, is set in bold before it."""

    text: str
    lead: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list of paragraphs."""

    items: tuple[Paragraph, ...]
    kind: str = "bullets"


@dataclass(frozen=True)
class Notice:
    """What must not be overlooked: something not measured, a warning, an alert."""

    text: str
    kind: str = "notice"


@dataclass(frozen=True)
class KeyFigures:
    """Large numbers, each with what it counts."""

    figures: tuple[tuple[str, str], ...]
    source: str
    kind: str = "key_figures"


@dataclass(frozen=True)
class Table:
    """Rows of text under a header; the first column names the row."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str
    # Columns of words stand left, columns of numbers right.
    words: int = 1
    kind: str = "table"


@dataclass(frozen=True)
class Chart:
    """A picture that says nothing its table does not.

    Attributes:
        key: Names the picture within the report, as a file may be named.
        spec: A Vega-Lite specification.
        alt: What the picture shows, for those who do not see it.
        table: The same figures.
    """

    key: str
    spec: dict[str, Any]
    alt: str
    caption: str
    source: str
    table: Table
    kind: str = "chart"


Block = Paragraph | Bullets | Notice | KeyFigures | Table | Chart


@dataclass(frozen=True)
class Section:
    """A chapter: `key` names it in links, `level` is 1, or 2 for a segment among segments."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 1
    colour: str | None = None


@dataclass(frozen=True)
class Report:
    """A whole report in one language."""

    language: str
    title: str
    subtitle: str
    provenance: str
    sections: tuple[Section, ...] = field(default=())

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures, in the order in which they are read."""
        blocks = (block for section in self.sections for block in section.blocks)
        return tuple(block for block in blocks if isinstance(block, Chart))
