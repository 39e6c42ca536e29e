"""Unmistakable customers among others, and a search for them in every byte of a home."""

import gzip
import io
import re
import sqlite3
import struct
import zlib
from contextlib import closing, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import ZipFile

import duckdb
import numpy as np
import polars as pl

from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import landed, line

IDS = (987654321, 987654322, 987654323)
OTHERS = range(541312140, 541312164)
MONTHS = {"2019-10": "2019-Oct", "2019-11": "2019-Nov"}


def visit(user, month, day):
    return f"planted-{user}-{month}-{day:02d}"


def lines_of(user, month, days):
    """A view and a purchase a day; a price of its own for each customer."""
    price = f"{10 + user % 7}.{user % 90 + 10}"
    return [
        line(
            event_time=f"{month}-{day:02d} 1{hour}:00:00 UTC",
            event_type=kind,
            product_id=str(44600000 + user % 5),
            price=price,
            user_id=str(user),
            user_session=visit(user, month, day),
        )
        for day in days
        for hour, kind in enumerate(("view", "purchase"))
    ]


def deliver(folder, month, ids=IDS):
    """A month of many customers, the planted ones among them, with a rejected row of the first."""
    others = [each for user in OTHERS for each in lines_of(user, month, (1 + user % 20, 22))]
    planted = [each for user in ids for each in lines_of(user, month, (3, 9, 27))]
    bad = [
        line(
            event_time=f"{month}-28 10:00:00 UTC",
            price="x",
            user_id=str(user),
            user_session=visit(user, month, 3),
        )
        for user in ids[:1]
    ]
    # Rows about nobody in particular, so that rejects are few.
    return landed(folder, *others, *planted, *bad, name=f"{MONTHS[month]}.csv")


def deliver_contacts(folder, month, ids=IDS):
    file = folder / f"{MONTHS[month]}.contacts.csv"
    rows = [f"{user},{month}-15 09:00:00 UTC,autumn" for user in (*ids, *OTHERS)]
    file.write_text("\n".join(["user_id,contacted_at,campaign", *rows]) + "\n")
    return file


def names_of(ids, key):
    """Every text and number by which the customers may be known."""
    pseudonyms = {pseudonym_of(each, key) for each in ids}
    return pseudonyms, {*map(str, ids), *map(str, pseudonyms), *(f"planted-{i}-" for i in ids)}


def found_in(home, ids, key, *but):
    """Where a home names planted customers, in raw bytes and in what the bytes mean."""
    pseudonyms, texts = names_of(ids, key)
    return places_of(home, texts, (*pseudonyms, *ids), but)


def places_of(home, texts, numbers, but):
    """Where a home holds some texts, or numbers as eight bytes."""
    patterns = [text.encode() for text in texts]
    forms = numbers_as_bytes(numbers)
    return sorted(
        {
            f"{file.relative_to(home)}: {how}"
            for file in files_of(home, but)
            for how, content in meanings(file.read_bytes())
            if any(pattern in content for pattern in patterns) or holds(content, forms)
        }
    )


def numbers_as_bytes(numbers):
    """Numbers as eight bytes: whole, in either order of the bytes, and as a float."""
    forms = [struct.pack(how, number) for number in numbers for how in ("<q", ">q", "<d")]
    return np.array([int.from_bytes(each, "little") for each in forms], "<u8")


def holds(content, forms):
    """Whether eight bytes in a row, wherever they begin, are one of some numbers."""
    views = (
        np.frombuffer(content, "<u8", (len(content) - start) // 8, start)
        for start in range(min(8, max(len(content) - 7, 0)))
    )
    return any(np.isin(view, forms).any() for view in views)


def files_of(home, but=()):
    for file in sorted(Path(home).rglob("*")):
        outside = any(file.is_relative_to(each) for each in but)
        if file.is_file() and not file.is_symlink() and not outside:
            yield file


def meanings(data):
    """What bytes are and what they mean: unpacked, as rows of a table or of a database."""
    yield "bytes", data
    if data.startswith(b"\x1f\x8b"):
        yield from meanings(gzip.decompress(data))
    if data.startswith(b"PK\3\4"):
        with ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from meanings(packed.read(name))
    if data.startswith(b"%PDF"):
        yield "document", b"".join(streams_of(data))
    if data.startswith(b"PAR1"):
        yield "table", pl.read_parquet(io.BytesIO(data)).write_ndjson().encode()
    if data.startswith(b"SQLite format 3"):
        yield "database", copied(data, rows_of_sqlite)
    if data[8:12] == b"DUCK":
        yield "database", copied(data, rows_of_duckdb)


def streams_of(document):
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        with suppress(zlib.error):
            yield zlib.decompress(packed)


def copied(data, rows_of):
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return rows_of(file.name)


def rows_of_sqlite(file):
    with closing(sqlite3.connect(file)) as connection:
        return "\n".join(connection.iterdump()).encode()


def rows_of_duckdb(file):
    with duckdb.connect(file, read_only=True) as connection:
        names = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        frames = [connection.execute(f'from "{s}"."{t}"').pl() for s, t in names]
    return "\n".join(frame.write_ndjson() for frame in frames).encode()
