"""The grammar of file names: which month an event file belongs to.

`2019-Oct.csv`, `2019-Oct.csv.gz`, parts as `2019-Oct.part2.csv.gz` or `2019-Oct-2.csv.gz`.
"""

from __future__ import annotations

import re

# A table, for `strptime("%b")` follows the machine's locale.
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_NAME = re.compile(r"(?P<year>\d{4})-(?P<month>[A-Z][a-z]{2})(?:\.part\d+|-\d+)?\.csv(?:\.gz)?")


def month_of_file(name: str) -> str | None:
    """Return the month that a file name says, as `2019-10`; None if it is not our grammar."""
    match = _NAME.fullmatch(name)
    number = _MONTHS.get(match["month"]) if match else None
    return f"{match['year']}-{number:02d}" if match and number else None


def file_name(month: str, part: int | None = None, *, compressed: bool = True) -> str:
    """Return the name under which a month's file is published, as `2019-Oct.csv.gz`."""
    year, number = month.split("-")
    which = "" if part is None else f".part{part}"
    ending = ".csv.gz" if compressed else ".csv"
    return f"{year}-{list(_MONTHS)[int(number) - 1]}{which}{ending}"
