"""What a report is made of, whatever it is printed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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
class Verdict:
    """The one judgement of a report; its level (`yes`, `care` or `no`) gives it a colour."""

    level: str
    lead: str
    text: str
    kind: str = "verdict"


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
    """Columns of blocks that are read together, side by side where there is room."""

    columns: tuple[tuple[Block, ...], ...]
    kind: str = "beside"


Block = Paragraph | Bullets | Notice | Verdict | KeyFigures | Table | Chart | Beside


@dataclass(frozen=True)
class Section:
    """A chapter.

    Attributes:
        key: Names it in links.
        colour: Of the segment that it is about; None: it is about all.
        apart: Whether it begins on a page of its own, where there are pages.
        source: Of all that it says, told once on paper. Empty: each block tells its own.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    colour: str | None = None
    apart: bool = True
    source: str = ""

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures, in the order in which they are read."""
        return tuple(_charts(self.blocks))


def _charts(blocks: Iterable[Block]) -> Iterator[Chart]:
    for block in blocks:
        if isinstance(block, Chart):
            yield block
        elif isinstance(block, Beside):
            yield from _charts(chain.from_iterable(block.columns))


@dataclass(frozen=True)
class Report:
    """A whole document in one language.

    Attributes:
        key: Names it in files: `segments`, or `evidence`.
        annexed: Documents whose charts it prints as figures, each after its title; on paper alone,
            for on the screen figures unfold below their chart.
    """

    key: str
    language: str
    title: str
    subtitle: str
    provenance: str
    sections: tuple[Section, ...] = field(default=())
    annexed: tuple[Report, ...] = field(default=())

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures, in the order in which they are read."""
        return tuple(chain.from_iterable(section.charts for section in self.sections))
