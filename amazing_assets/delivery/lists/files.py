"""Lists as files: in a folder of this machine or under a prefix of a bucket, each whole or not."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.errors import PlainError, quoted, sentence_of
from amazing_assets.landing.refusals import s3_errors
from amazing_assets.landing.zone import LandingError
from amazing_assets.s3_client import s3_client

if TYPE_CHECKING:
    import polars as pl

FORMS = ("csv", "parquet")


class ListError(PlainError):
    """A list cannot be made or written; the message says why."""


def content(frame: pl.DataFrame, form: str) -> bytes:
    """Return a list as the bytes of a file, `csv` or `parquet`."""
    kept = io.BytesIO()
    if form == "csv":
        frame.write_csv(kept)
    else:
        frame.write_parquet(kept)
    return kept.getvalue()


def write_list(place: str, name: str, frame: pl.DataFrame) -> list[str]:
    """Write a list as CSV and as Parquet; return where they are.

    Args:
        place: A folder, or an address such as `s3://bucket/prefix`.
        name: Of the files, without what they end in; it may hold folders.
        frame: The list.

    Raises:
        ListError: The place cannot be written to.
    """
    return [write_bytes(place, f"{name}.{form}", content(frame, form)) for form in FORMS]


def write_bytes(place: str, name: str, data: bytes) -> str:
    """Write a file of a place as a whole, for its owner alone; return where it is.

    Raises:
        ListError: The place cannot be written to.
    """
    if place.startswith("s3://"):
        return _put(place, name, data)
    file = Path(place, name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.part")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as open_:
            open_.write(data)
        beside.replace(file)
    except OSError as error:
        said = sentence_of(error, Path(place)) or f"{quoted(file, 200)} cannot be written."
        raise ListError(said) from error
    return str(file)


def _put(place: str, name: str, data: bytes) -> str:
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    key = "/".join(filter(None, (prefix.strip("/"), name)))
    try:
        with s3_errors(place):
            s3_client().put_object(Bucket=bucket, Key=key, Body=data)
    except LandingError as error:
        raise ListError(f"The list cannot be written: {error}") from None
    return f"s3://{bucket}/{key}"
