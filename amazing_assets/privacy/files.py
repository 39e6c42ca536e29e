"""Customers in files: lists without their rows, logs and pages without their names."""

from __future__ import annotations

import gzip
import io
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.landing.refusals import s3_errors
from amazing_assets.privacy import databases
from amazing_assets.s3_client import s3_client
from amazing_assets.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from amazing_assets.privacy.databases import Naming
    from amazing_assets.privacy.people import People
    from amazing_assets.privacy.rotation.renaming import Renaming

TABLES = (".csv", ".parquet")

_CUSTOMER, _VISIT = "user_id", "user_session"

_PACKED = b"\x1f\x8b"


@dataclass(frozen=True)
class Found:
    """What a file says of some customers.

    Attributes:
        number: Rows, or places in a text.
        without: The bytes of the file without them; None: it is not to be changed.
    """

    number: int
    without: bytes | None


def files_below(folder: Path, *, but: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Yield the files below a folder, neither links nor what lies in some folders."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if Path(place, name) not in but]
        for name in names:
            file = Path(place, name)
            if file not in but and not file.is_symlink() and file.is_file():
                yield file


def take_out(file: Path, people: People) -> int:
    """Take some customers out of a file; return how often it named them."""
    return _changed(file, people, lambda data: look(file.name, data, people))


def _changed(file: Path, people: Naming, look_at: Callable[[bytes], Found]) -> int:
    # Others make and delete files meanwhile: of one that is gone there is nothing to change.
    with suppress(FileNotFoundError):
        if databases.is_one(file):
            return databases.take_out(file, people)
        found = look_at(file.read_bytes())
        if found.number and found.without is not None:
            _replace(file, found.without)
        return found.number
    return 0


def count(file: Path, people: People) -> int:
    """Return how often a file names some customers."""
    with suppress(FileNotFoundError):
        if databases.is_one(file):
            return databases.count(file, people)
        return look(file.name, file.read_bytes(), people).number
    return 0


def look(name: str, data: bytes, people: People) -> Found:
    """Return what the bytes of a file say of some customers."""
    if Path(name).suffix in TABLES and (rows := _rows(name, data)) is not None:
        remaining = rows.filter(~_is_theirs(rows, people))
        return Found(rows.height - remaining.height, _written(name, remaining))
    return look_at_text(data, people)


def look_at_text(data: bytes, people: Naming) -> Found:
    """Return what the bytes of a file that is no list say of some customers."""
    if data.startswith(_PACKED):
        return _packed(data, people)
    # As bytes that may be no text: what is not changed stays as it was.
    text = data.decode("latin-1")
    number = people.count_in(text)
    if not number:
        return Found(0, None)
    is_text = "\0" not in text
    return Found(number, people.masked(text).encode("latin-1") if is_text else None)


def rename(file: Path, renaming: Renaming) -> int:
    """Have customers be called otherwise in a file; return how often they were named."""
    return _changed(file, renaming, lambda data: _renamed(file.name, data, renaming))


def rename_in_bucket(place: str, renaming: Renaming) -> int:
    """Have customers be called otherwise in the files under a prefix; return how often."""
    return _put_back(place, lambda key, data: _renamed(key, data, renaming))


def _renamed(name: str, data: bytes, renaming: Renaming) -> Found:
    rows = _rows(name, data) if Path(name).suffix in TABLES else None
    if rows is not None and _CUSTOMER in rows.columns:
        listed = renaming.listed(rows)
        number = int((listed[_CUSTOMER] != rows[_CUSTOMER]).sum())
        return Found(number, _written(name, listed))
    return look_at_text(data, renaming)


def rows_in(name: str, data: bytes, people: People) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the rows of a list that are about some customers, with its name, if there are any."""
    rows = _rows(name, data)
    if rows is not None and len(theirs := rows.filter(_is_theirs(rows, people))):
        yield name, theirs


def rows_in_bucket(place: str, people: People) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the same of the lists under a prefix."""
    for key, data in _objects(place):
        if Path(key).suffix in TABLES:
            yield from rows_in(f"s3://{_bucket_of(place)[0]}/{key}", data, people)


def take_out_of_bucket(place: str, people: People) -> int:
    """Take some customers out of the files under a prefix; return how often they were named."""
    return _put_back(place, lambda key, data: look(key, data, people))


def _put_back(place: str, looked: Callable[[str, bytes], Found]) -> int:
    number = 0
    for key, data in _objects(place):
        found = looked(key, data)
        number += found.number
        if found.number and found.without is not None:
            with s3_errors(place):
                s3_client().put_object(Bucket=_bucket_of(place)[0], Key=key, Body=found.without)
    return number


def count_in_bucket(place: str, people: People) -> int:
    """Return how often the files under a prefix name some customers."""
    return sum(look(key, data, people).number for key, data in _objects(place))


def names_in_bucket(place: str) -> list[tuple[str, date]]:
    """Return the addresses of the files under a prefix, each with the day it was written."""
    bucket, prefix = _bucket_of(place)
    with s3_errors(place):
        pages = s3_client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [
            (f"s3://{bucket}/{held['Key']}", held["LastModified"].date())
            for page in pages
            for held in page.get("Contents", ())
        ]


def remove_from_bucket(addresses: Iterable[str]) -> None:
    """Delete files of buckets."""
    for address in addresses:
        bucket, _, key = address.removeprefix("s3://").partition("/")
        with s3_errors(address):
            s3_client().delete_object(Bucket=bucket, Key=key)


def _objects(place: str) -> Iterator[tuple[str, bytes]]:
    bucket, prefix = _bucket_of(place)
    with s3_errors(place):
        client = s3_client()
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for held in page.get("Contents", ()):
                body = client.get_object(Bucket=bucket, Key=held["Key"])["Body"]
                yield held["Key"], body.read()


def _bucket_of(place: str) -> tuple[str, str]:
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    return bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""


def _packed(data: bytes, people: Naming) -> Found:
    try:
        inside = look_at_text(gzip.decompress(data), people)
    except (OSError, EOFError):
        return Found(0, None)
    return Found(inside.number, inside.without and gzip.compress(inside.without))


def _rows(name: str, data: bytes) -> pl.DataFrame | None:
    """Return a list of customers or visits; None: the file is another one, or cannot be read."""
    try:
        if name.endswith(".parquet"):
            found = pl.read_parquet(io.BytesIO(data))
        else:
            found = pl.read_csv(io.BytesIO(data), infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    return found if {_CUSTOMER, _VISIT}.intersection(found.columns) else None


def _is_theirs(rows: pl.DataFrame, people: People) -> pl.Expr:
    """Whether a row is about one of them: some lists have the shop's own ids, or visits alone."""
    named = (*people.pseudonyms, *people.own)
    known = {
        _CUSTOMER: pl.Series(named, dtype=pl.Int64),
        _VISIT: pl.Series(sorted(people.sessions), dtype=pl.String),
    }
    return pl.any_horizontal(
        pl.col(column).is_in(ids.cast(rows[column].dtype).implode()).fill_null(value=False)
        for column, ids in known.items()
        if column in rows.columns
    )


def _written(name: str, rows: pl.DataFrame) -> bytes:
    kept = io.BytesIO()
    if name.endswith(".parquet"):
        rows.write_parquet(kept)
    else:
        rows.write_csv(kept)
    return kept.getvalue()


def _replace(file: Path, data: bytes) -> None:
    """Write a file as a whole, with the rights of the one before."""
    write_whole(file, data, file.stat().st_mode & 0o777)
