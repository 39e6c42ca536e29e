"""The first line of a file: which of the nine columns stands where."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from amazing_assets.errors import quoted, without_ids
from amazing_assets.landing.zone import LandingError
from amazing_assets.variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HEADER = (
    "event_time",
    "event_type",
    "product_id",
    "category_id",
    "category_code",
    "brand",
    "price",
    "user_id",
    "user_session",
)

EXPECTED = ",".join(HEADER)

# What other programs put between fields, and what it is called.
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}

# So many of our names between other delimiters are no chance.
_FEWEST_NAMES = 2


def check_columns(columns: Mapping[str, str]) -> None:
    """Check that other shops' names are given to columns of ours.

    Raises:
        SettingsError: A name is none of the nine.
    """
    unknown = [name for name in columns.values() if name not in HEADER]
    if unknown:
        raise SettingsError(
            f"AMAZING_COLUMNS names a column {quoted(unknown[0])} that is not ours; write "
            f"old:new,old:new, where each new name is one of {', '.join(HEADER)}."
        )


def read_header(line: bytes, file: str, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of a file's columns, in the file's order and in our words.

    Args:
        line: The header.
        file: Name of the file.
        columns: Our names of the columns that the file may call otherwise.

    Raises:
        LandingError: It does not hold the nine names, each once.
    """
    text = line.decode("utf-8-sig", errors="surrogateescape").rstrip("\r\n")
    if "\r" in text:
        raise LandingError(
            f"{file} ends its lines with CR alone, as old Macintosh programs do; save it with "
            f"line ends LF or CRLF."
        )
    found = next(csv.reader([text]))
    named = tuple(columns.get(name, name) for name in found)
    # The nine names in another order are still unambiguous; anything else would be a guess.
    if sorted(named) == sorted(HEADER):
        return named
    raise LandingError(f"{file} {_fault(text, found, columns)}")


def _fault(text: str, found: list[str], columns: Mapping[str, str]) -> str:
    for name in HEADER:
        called = [old for old in found if columns.get(old, old) == name]
        if len(called) > 1 and len(set(called)) > 1:
            return (
                f"has {' and '.join(map(quoted, called))}, which AMAZING_COLUMNS makes one column, "
                f"{name}; leave out what is not meant or correct AMAZING_COLUMNS."
            )
    delimiter = _delimiter(text, columns)
    if delimiter:
        return f"is delimited by {delimiter}; save it with commas between the fields."
    if found and found[0][:4].isdecimal():
        return f"has no header; its first line must be {EXPECTED}."
    # Where there is none, the first line is somebody's.
    shown = quoted(without_ids(text), 200)
    return f"has a wrong header, {shown}; expected {EXPECTED}{_unused(found, columns)}."


def _delimiter(text: str, columns: Mapping[str, str]) -> str | None:
    known = {*HEADER, *columns}
    for delimiter, name in _DELIMITERS.items():
        fields = {field.strip(' "') for field in text.split(delimiter)}
        if len(known & fields) >= _FEWEST_NAMES:
            return name
    return None


def _unused(found: Iterable[str], columns: Mapping[str, str]) -> str:
    """What of the mapping is not in a header that is not understood."""
    names = set(found)
    absent = [old for old, new in columns.items() if not names & {old, new}]
    if not absent:
        return ""
    return f", where AMAZING_COLUMNS speaks of {', '.join(map(quoted, absent))}, not in the file"
