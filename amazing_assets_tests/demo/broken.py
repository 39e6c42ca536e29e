"""Files that circulate and must not be read as they are, or must be read although they look odd.

Each function takes a folder and a month, writes one file there, and returns its path. The good
rows behind all of them are those of a very small world.
"""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from isal import igzip

from amazing_assets.demo.calendar import next_month
from amazing_assets.demo.faults import CUT_AT, HEADER
from amazing_assets.demo.world import WorldSettings, generate

Row = list[str]
TIME, TYPE, PRODUCT, CATEGORY, CODE, BRAND, PRICE, USER, SESSION = range(9)
SAMPLE = 400  # rows


def sample(month: date) -> list[Row]:
    """Return some good rows of a month, in order of time."""
    # 150 customers make 400 rows in about a week.
    settings = WorldSettings(customers=150, months=(month,), compress=False)
    with TemporaryDirectory() as folder:
        written = generate(Path(folder), settings).files[0].read_text().splitlines()[1:]
    rows = [row.split(",") for row in written]
    good = (
        row
        for row in rows
        if len(row) == SESSION + 1
        and row[TIME].startswith(f"{month:%Y-%m}")
        and row[TYPE] in ("view", "cart", "purchase")
        and row[PRODUCT].isdigit()
        and row[USER].isdigit()
        and row[PRICE] != "free"
    )
    return list(good)[:SAMPLE]


def text(rows: list[Row], header: str = HEADER, end: str = "\n") -> str:
    """Return a file's text."""
    return end.join([header, *(",".join(row) for row in rows), ""])


def write(folder: Path, month: date, content: str | bytes, ending: str = ".csv") -> Path:
    """Write a month's file, byte for byte."""
    path = folder / f"{month:%Y-%b}{ending}"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def replaced(month: date, field: int, change: Callable[[str], str]) -> str:
    """Return a month's text with one field of every row changed."""
    rows = sample(month)
    return text([[*row[:field], change(row[field]), *row[field + 1 :]] for row in rows])


def scientific_ids(folder: Path, month: date) -> Path:
    """Opened in a spreadsheet: `2.10381E+18` as category id."""
    return write(folder, month, replaced(month, CATEGORY, lambda value: f"{int(value):.5E}"))


def float_ids(folder: Path, month: date) -> Path:
    """Ids that went through floats: `1487580005134238553.0`."""
    return write(folder, month, replaced(month, CATEGORY, lambda value: f"{value}.0"))


def rounded_ids(folder: Path, month: date) -> Path:
    """Ids that went through floats and came back: multiples of 256."""
    return write(folder, month, replaced(month, CATEGORY, lambda value: str(int(float(value)))))


def no_header(folder: Path, month: date) -> Path:
    """The first line is an event."""
    return write(folder, month, text(sample(month)).split("\n", 1)[1])


def extra_index_column(folder: Path, month: date) -> Path:
    """Saved with a row number in front, under an empty name."""
    rows = [[str(number), *row] for number, row in enumerate(sample(month))]
    return write(folder, month, text(rows, f",{HEADER}"))


def reordered_columns(folder: Path, month: date) -> Path:
    """All nine columns, in another order."""
    order = (USER, TIME, TYPE, PRODUCT, CATEGORY, CODE, BRAND, PRICE, SESSION)
    names = HEADER.split(",")
    rows = [[row[column] for column in order] for row in sample(month)]
    return write(folder, month, text(rows, ",".join(names[column] for column in order)))


def wrong_columns(folder: Path, month: date) -> Path:
    """Other names: the same fields of another shop."""
    header = HEADER.replace("user_session", "session_id").replace("event_type", "action")
    return write(folder, month, text(sample(month), header))


def empty(folder: Path, month: date) -> Path:
    """No byte at all."""
    return write(folder, month, b"")


def header_only(folder: Path, month: date) -> Path:
    """A header and no event."""
    return write(folder, month, text([]))


def truncated_gzip(folder: Path, month: date) -> Path:
    """A download that stopped at two thirds."""
    packed = igzip.compress(text(sample(month)).encode())
    return write(folder, month, packed[: len(packed) * 2 // 3], ".csv.gz")


def wrong_month_in_the_name(folder: Path, month: date) -> Path:
    """The rows of the month after, under this month's name."""
    return write(folder, month, text(sample(next_month(month))))


def last_line_cut_off(folder: Path, month: date) -> Path:
    """The last line ends in its fourth field, without newline."""
    *whole, last = sample(month)
    return write(folder, month, text(whole) + ",".join(last)[:CUT_AT])


def no_final_newline(folder: Path, month: date) -> Path:
    """Complete but for the last newline."""
    return write(folder, month, text(sample(month)).rstrip("\n"))


def windows_newlines(folder: Path, month: date) -> Path:
    """Lines end in CR and LF."""
    return write(folder, month, text(sample(month), end="\r\n"))


def utc_offset_times(folder: Path, month: date) -> Path:
    """Times end in `+00:00` instead of `UTC`."""
    return write(folder, month, replaced(month, TIME, lambda time: time.replace(" UTC", "+00:00")))


def other_offset_times(folder: Path, month: date) -> Path:
    """Times of another zone: `+03:00`."""
    return write(folder, month, replaced(month, TIME, lambda time: time.replace(" UTC", "+03:00")))


def long_users_short_sessions(folder: Path, month: date) -> Path:
    """The electronics store: users of 19 digits, sessions of 10 characters."""
    rows = [
        [*row[:USER], str(1_515_915_625_000_000_000 + int(row[USER])), row[SESSION][-10:]]
        for row in sample(month)
    ]
    return write(folder, month, text(rows))


def all_fields_quoted(folder: Path, month: date) -> Path:
    """Every field between double quotes, the header's too."""
    rows = [[f'"{value}"' for value in row] for row in sample(month)]
    return write(folder, month, text(rows, ",".join(f'"{name}"' for name in HEADER.split(","))))


def random_sample_of_rows(folder: Path, month: date) -> Path:
    """A sample of rows, not of customers: about one event each."""
    rows = sample(month)
    kept = sorted(random.Random(7).sample(range(len(rows)), len(rows) // 8))  # noqa: S311
    return write(folder, month, text([rows[number] for number in kept]))


def cart_spelled_otherwise(folder: Path, month: date) -> Path:
    """Every tenth event is an `add_to_cart`."""
    return write(folder, month, text(every_tenth(sample(month), "add_to_cart")))


def unknown_type(folder: Path, month: date) -> Path:
    """Every tenth event is of a type that nobody knows."""
    return write(folder, month, text(every_tenth(sample(month), "hover")))


def every_tenth(rows: list[Row], kind: str) -> list[Row]:
    """Return the rows, every tenth with another type."""
    return [
        [row[TIME], kind if number % 10 == 0 else row[TYPE], *row[PRODUCT:]]
        for number, row in enumerate(rows)
    ]


BROKEN: dict[str, Callable[[Path, date], Path]] = {
    breaks.__name__: breaks
    for breaks in (
        scientific_ids,
        float_ids,
        rounded_ids,
        no_header,
        extra_index_column,
        reordered_columns,
        wrong_columns,
        empty,
        header_only,
        truncated_gzip,
        wrong_month_in_the_name,
        last_line_cut_off,
        no_final_newline,
        windows_newlines,
        utc_offset_times,
        other_offset_times,
        long_users_short_sessions,
        all_fields_quoted,
        random_sample_of_rows,
        cart_spelled_otherwise,
        unknown_type,
    )
}
