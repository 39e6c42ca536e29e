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
    """A list of paragraphs; where they come from, if not from what is said beside them."""

    items: tuple[Paragraph, ...]
    source: str = ""
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


@dataclass(frozen=True)
class Beside:
    """Tables that are read together, side by side where there is room."""

    tables: tuple[Table, ...]
    kind: str = "beside"


Block = Paragraph | Bullets | Notice | KeyFigures | Table | Chart | Beside


@dataclass(frozen=True)
class Section:
    """A chapter.

    Attributes:
        key: Names it in links.
        colour: Of the segment that it is about; None: it is about all.
        apart: Whether it begins on a page of its own, where there are pages.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    colour: str | None = None
    apart: bool = True


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
