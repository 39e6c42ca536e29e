"""Lines of a landed file, taken again by their numbers, as they stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.landing.zone import LandingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from amazing_assets.events.reading.blocks import Block
    from amazing_assets.landing.zone import LandedFile


class Line(NamedTuple):
    """A line of a landed file.

    Attributes:
        columns: The file's header.
        number: Its number; the header is line 1.
        text: As it stands there, without its line end.
    """

    columns: tuple[str, ...]
    number: int
    text: bytes


def take_lines(file: LandedFile, numbers: pl.Series) -> Iterator[Line]:
    """Yield the lines of a file that have some numbers, a block of the file at a time.

    Args:
        file: Where they stand.
        numbers: Their numbers, ascending.

    Raises:
        LandingError: The file cannot be read, or does not have as many lines.
    """
    taken = 0
    for block in read_blocks(file):
        end = numbers.search_sorted(block.first_line + block.lines, side="left")
        yield from _lines(block, numbers[taken:end])
        taken = end
        if taken == numbers.len():
            return
    raise LandingError(f"{file.name} has no line {numbers[taken]} any more; run its month again.")


def _lines(block: Block, numbers: pl.Series) -> Iterator[Line]:
    if numbers.is_empty():
        return
    texts = block.text.split(b"\n")
    for number in numbers:
        text = texts[number - block.first_line].removesuffix(b"\r")
        yield Line(block.columns, number, text)
