"""A landed file as blocks of whole lines; files that cannot be trusted are refused here."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile
from typing import TYPE_CHECKING, BinaryIO

from isal.isal_zlib import IsalError

from amazing_assets.errors import quoted
from amazing_assets.events.reading.formats import text_of, what_it_is
from amazing_assets.events.reading.header import read_header
from amazing_assets.landing.zone import LandedFile, LandingError

if TYPE_CHECKING:
    from collections.abc import Iterator

# 8 MB hold 60 000 rows. For 20 million rows these take 20 s and 0.8 GB, 32 MB took 24 and 1.2.
BLOCK_BYTES = 1 << 23

# The header is in it, whatever blank lines or comments come first.
_HEAD_BYTES = 1 << 16

# No line of ours comes near; a file without line ends must not be read whole to find out.
_LONGEST_LINE = 1 << 25


@dataclass(frozen=True)
class Block:
    """Some whole lines of a file.

    Attributes:
        file: Name of the file.
        columns: The file's header, the nine names in the file's order.
        first_line: Line number of the first line, blank ones counted.
        lines: How many they are, blank ones included.
        text: The lines, each with its line end.
    """

    file: str
    columns: tuple[str, ...]
    first_line: int
    lines: int
    text: bytes


def read_blocks(file: LandedFile, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield a file's lines in blocks, never holding more than two of them.

    Blocks of nothing but blank lines are left out.

    Raises:
        LandingError: The file is empty, cut off, no CSV, or its header is not ours.
    """
    with _file_errors(file), file.open() as stream:
        head = stream.read(_HEAD_BYTES)
        columns, number, begun = _read_head(head, file)
        is_empty = True
        for text in _whole_lines(head[begun:], stream, block_bytes, file):
            lines = text.count(b"\n")
            if not text.isspace():
                is_empty = False
                yield Block(file.name, columns, number, lines, text)
            number += lines
        if is_empty:
            raise LandingError(f"{file.name} holds a header and no event; deliver it again.")


def _whole_lines(
    begun: bytes, stream: BinaryIO, block_bytes: int, file: LandedFile
) -> Iterator[bytes]:
    """Yield what follows the head, cut behind line ends; the last line is given one."""
    rest = b""
    for chunk in _chunks(begun, stream, block_bytes):
        end = chunk.rfind(b"\n") + 1
        if end:
            # One copy of the bytes: slicing and adding would make three of every block.
            yield b"".join((rest, memoryview(chunk)[:end]))
            rest = b""
        rest += chunk[end:]
        if len(rest) > _LONGEST_LINE:
            raise LandingError(
                f"{file.name} has a line of more than {_LONGEST_LINE:,} bytes, so it is "
                f"no event file; deliver the CSV itself."
            )
    if rest:
        yield rest + b"\n"


def _chunks(begun: bytes, stream: BinaryIO, block_bytes: int) -> Iterator[bytes]:
    for start in range(0, len(begun), block_bytes):
        yield begun[start : start + block_bytes]
    while chunk := stream.read(block_bytes):
        yield chunk


def _read_head(head: bytes, file: LandedFile) -> tuple[tuple[str, ...], int, int]:
    """Return the columns, and number and offset of the line behind the header."""
    found = what_it_is(head)
    if found:
        raise LandingError(f"{file.name} is {found.name}; {found.remedy}.")
    start = len(head) - len(text_of(head))
    if start == len(head):
        raise LandingError(f"{file.name} is empty; deliver it again.")
    end = head.find(b"\n", start) + 1 or len(head)
    columns = read_header(head[start:end], file.name, file.columns)
    return columns, head[:end].count(b"\n") + 1, end


@contextmanager
def _file_errors(file: LandedFile) -> Iterator[None]:
    """Turn what the decompressor says into a sentence about the file."""
    try:
        yield
    except EOFError:
        raise LandingError(
            f"{file.name} is cut off: its gzip stream has no end; deliver the whole file again."
        ) from None
    except BadGzipFile:
        # Its first bytes were gzip, so what cannot be read is behind a whole stream or within it.
        raise LandingError(
            f"{file.name} is damaged, or something else was put behind its gzip stream; pack it "
            f"again and deliver it."
        ) from None
    except (OSError, IsalError) as error:  # type: ignore[misc]  # isal is untyped
        raise LandingError(
            f"{file.name} cannot be read ({quoted(error)}); deliver it again."
        ) from None
