"""The grammar of file names: which month an event file belongs to.

`2019-Oct.csv`, `2019-Oct.csv.gz`, parts as `2019-Oct.part2.csv.gz` or `2019-Oct-2.csv.gz`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amazing_assets.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Collection

# A table, for `strptime("%b")` follows the machine's locale.
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
# A sentence shows so many names; the rest is a number.
_SHOWN = 5

_PACKED = ".gz"
_NAME = re.compile(
    r"(?P<year>\d{4})-(?P<month>[A-Z][a-z]{2})(?:\.part\d+|-\d+)?\.csv(?:\.gz)?", re.ASCII
)


def month_of_file(name: str) -> str | None:
    """Return the month that a file name says, as `2019-10`; None if it is not our grammar."""
    match = _NAME.fullmatch(name)
    number = _MONTHS.get(match["month"]) if match else None
    return f"{match['year']}-{number:02d}" if match and number else None


_CONTACTS = re.compile(
    r"(\d{4}-[A-Z][a-z]{2})\.contacts((?:\.part\d+|-\d+)?\.csv(?:\.gz)?)", re.ASCII
)


def month_of_contacts(name: str) -> str | None:
    """Return the month that the name of a contacts file says; None if it is none.

    `2019-Oct.contacts.csv`, packed and in parts as event files are.
    """
    match = _CONTACTS.fullmatch(name)
    return month_of_file(match[1] + match[2]) if match else None


# What people and programs write for a month: `2019-10`, `2019_oct`, `201910`, `October 2019`;
# before it `._`, `~$`, `copy of`, and behind it anything but another digit.
_BEFORE = r"(?i)\W*_*(?:copy\s+(?:of|\(\d+\)\s+of)\s+)?"
_YEAR, _GAP = r"(?P<year>(?:19|20)\d\d)", r"[\s._-]*"
_MONTH = r"(?:(?P<number>0[1-9]|1[0-2])(?!\d(?!\d))|(?P<word>[a-z]{3,9})(?![a-z]))"
_LIKE_A_MONTH = (
    re.compile(f"{_BEFORE}{_YEAR}{_GAP}{_MONTH}", re.ASCII),
    re.compile(f"{_BEFORE}{_MONTH}{_GAP}{_YEAR}(?!\\d)", re.ASCII),
)


def month_like(name: str) -> str | None:
    """Return the month that a name seems to say, as `2019-10`, whether or not it is our grammar.

    Such a file may have been meant to be read: `2019-10.csv`, `2019-Oct (1).csv.gz`,
    `2019-oct.csv`, `2019-Oct.csv.part`.
    """
    match = next(filter(None, (pattern.match(name) for pattern in _LIKE_A_MONTH)), None)
    if match is None:
        return None
    number = int(match["number"]) if match["number"] else _MONTHS.get(match["word"][:3].title())
    return f"{match['year']}-{number:02d}" if number else None


def unpacked_name(name: str) -> str:
    """Return the name of a file without its packing: two that share it are one file."""
    return name.removesuffix(_PACKED)


def some_names(names: Collection[str]) -> str:
    """Return names for a sentence: all are counted, some are shown."""
    shown = [quoted(name) for name in names][:_SHOWN]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def say_unread(names: Collection[str], month: str) -> str:
    """Return the sentence on files that look like a month's and that no run reads."""
    one = len(names) == 1
    return (
        f"{len(names):,} {'file is' if one else 'files are'} not read, for "
        f"{'its name is' if one else 'their names are'} not written like {file_name(month)}: "
        f"{some_names(names)}; rename or remove {'it' if one else 'them'}."
    )


def file_name(month: str, part: int | None = None, *, compressed: bool = True) -> str:
    """Return the name under which a month's file is published, as `2019-Oct.csv.gz`."""
    year, number = month.split("-")
    which = "" if part is None else f".part{part}"
    ending = ".csv.gz" if compressed else ".csv"
    return f"{year}-{list(_MONTHS)[int(number) - 1]}{which}{ending}"
