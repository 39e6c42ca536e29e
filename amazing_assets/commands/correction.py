"""A file of rejected lines to correct and deliver as another part of their month.

It is a delivery as it stands: our header, then the lines as they were delivered, customer ids and
all, for the lake's copies are masked. Why each was rejected is in a second file, line for line:
columns of ours among the nine would have to be taken out again before it can be delivered.
"""

from __future__ import annotations

import csv
import io
import os
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from amazing_assets.commands.arguments import CommandError
from amazing_assets.errors import quoted
from amazing_assets.events.reading.lines import take_lines
from amazing_assets.landing.names import file_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from amazing_assets.events.reading.lines import Line
    from amazing_assets.landing.zone import LandedFile

_WHY = ("line", "reason", "file", "line_in_file")


def reasons_file(out: Path) -> Path:
    """Return the file of the reasons, beside that of the lines."""
    return out.with_name(f"{out.stem}.reasons.csv")


def next_part(month: str, names: Iterable[str]) -> str:
    """Return a name for another part of a month of which files have landed, as a plain CSV."""
    taken = {_part(name) for name in names}
    parts = (file_name(month, part, compressed=False) for part in count(2))
    return next(name for name in parts if _part(name) not in taken)


def _part(name: str) -> str:
    """Name a part, however it is packed and its number is written."""
    return name.partition(".csv")[0].replace(".part", "-")


def write_correction(out: Path, files: Mapping[str, LandedFile], rejected: pl.DataFrame) -> None:
    """Write the rejected lines of some landed files, and beside them why.

    Args:
        out: A file that does not exist yet.
        files: The landed files, by name.
        rejected: Columns `file`, `line_number` and `reason`, in this order.

    Raises:
        CommandError: A file exists or cannot be written, or the files differ in their header.
        LandingError: A landed file cannot be read.
    """
    with _new_file(out) as lines, _new_file(reasons_file(out)) as reasons:
        reasons.write(_row(_WHY))
        header: tuple[str, ...] | None = None
        written = 1
        for (name,), rows in rejected.group_by("file", maintain_order=True):
            taken = take_lines(files[str(name)], rows["line_number"])
            for line, reason in zip(taken, rows["reason"], strict=True):
                header = _same_header(header, line, str(name)) if header else _begin(lines, line)
                written += 1
                lines.write(line.text + b"\n")
                reasons.write(_row((written, reason, name, line.number)))


def _begin(lines: BinaryIO, line: Line) -> tuple[str, ...]:
    lines.write(_row(line.columns))
    return line.columns


def _same_header(header: tuple[str, ...], line: Line, file: str) -> tuple[str, ...]:
    if line.columns != header:
        raise CommandError(
            f"The columns of {quoted(file)} are in another order than those of the files before "
            f"it, so that their lines cannot share a file; take one file at a time, with --file."
        )
    return header


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that nobody else may read, and leave none behind if it cannot be finished.

    Raises:
        CommandError: It exists, or cannot be written.
    """
    try:
        # Lines hold customer ids as the shop knows them.
        opened = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise CommandError(
            f"{path} is there already, and no file is overwritten; give another name."
        ) from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with opened:
            yield opened
    except OSError as error:
        path.unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _row(values: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue().encode()
