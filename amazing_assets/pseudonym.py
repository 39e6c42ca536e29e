"""A customer's keyed pseudonym: what the lake and the warehouse know a customer by.

`user_id -> int.from_bytes(hmac_sha256(key, str(user_id))[:8], "big") >> 1`, a number of 63 bits.
Two of 5 million customers share one with a probability of 1.4e-6.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl
import polars_hash as plh

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from pathlib import Path


class KeyFileError(PlainError):
    """The file of the key holds none; the message says what is lost without it."""


def pseudonym_of(user_id: int, key: str) -> int:
    """Return one customer's pseudonym."""
    digest = hmac.digest(key.encode(), str(user_id).encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") >> 1


def pseudonyms(user_ids: pl.Series, key: str) -> pl.DataFrame:
    """Return the pseudonym of each distinct customer.

    Args:
        user_ids: The shop's own ids, Int64, repeated at will.
        key: The secret key.

    Returns:
        Columns `user_id` and `pseudonym`, both Int64, one row per customer.
    """
    text = plh.col("user_id").cast(pl.String)
    digest = text.chash.hmac_sha256(key=key)  # type: ignore[attr-defined]  # its own namespace
    # 64 bits do not fit an Int64: two halves of 32, the last bit of the lower one dropped.
    upper = digest.str.slice(0, 8).str.to_integer(base=16, dtype=pl.Int64)
    lower = digest.str.slice(8, 8).str.to_integer(base=16, dtype=pl.Int64)
    distinct = user_ids.alias("user_id").unique().to_frame()
    return distinct.with_columns(pseudonym=upper * 2**31 + lower // 2)


def read_key(file: Path) -> str:
    """Return the key kept in a file, which is made at first use and readable by its owner only.

    Raises:
        KeyFileError: The file holds no key.
    """
    if not file.exists():
        _make_key(file)
    key = file.read_text().strip()
    if not key:
        raise KeyFileError(
            f"The pseudonym key {file} is empty; restore it, for without it no customer of the "
            f"lake can be recognised, or delete it together with the lake to begin anew."
        )
    return key


def _make_key(file: Path) -> None:
    """Make the file in one step: neither a killed process nor a second one leaves half a key."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as new:
        new.write(secrets.token_hex(32))
    with suppress(FileExistsError):
        os.link(beside, file)
    beside.unlink()
