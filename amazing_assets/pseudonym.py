"""A customer's keyed pseudonym: what the lake and the warehouse know a customer by.

`user_id -> int.from_bytes(hmac_sha256(key, str(user_id))[:8], "big") >> 1`, a number of 63 bits.
Two of 5 million customers share one with a probability of 1.4e-6.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

import polars as pl
import polars_hash as plh

from amazing_assets.errors import PlainError
from amazing_assets.whole_files import write_once

if TYPE_CHECKING:
    from pathlib import Path


# What is hashed for a fingerprint: no customer's id, for those are numbers.
_FINGERPRINTED = b"amazing-assets: which key is this"

_OF_MARKS = b"amazing-assets: marks of the erased"


class KeyFileError(PlainError):
    """There is no key, or another one than customers are known by; the message says what to do."""


def fingerprint_of(key: str) -> str:
    """Return what tells one key from another and says nothing of either: 16 hexadecimal digits."""
    return hmac.digest(key.encode(), _FINGERPRINTED, hashlib.sha256).hex()[:16]


def pseudonym_of(user_id: int, key: str) -> int:
    """Return one customer's pseudonym."""
    digest = hmac.digest(key.encode(), str(user_id).encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") >> 1


def mark_key_of(key: str) -> str:
    """Return the key of the marks of erased customers, from which nobody learns the key itself."""
    return hmac.digest(key.encode(), _OF_MARKS, hashlib.sha256).hex()


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
    """Return the key kept in a file.

    Raises:
        KeyFileError: There is no such file, it cannot be read, or it holds no key.
    """
    try:
        key = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise KeyFileError(
            f"The pseudonym key {file} cannot be read ({reason}); restore it from a backup, or set "
            f"AMAZING_HOME to a new folder to begin anew."
        ) from None
    if not key:
        raise KeyFileError(
            f"The pseudonym key {file} is empty; restore it from a backup, for without it no "
            f"customer of the lake can be recognised, or set AMAZING_HOME to a new folder to begin "
            f"anew."
        )
    return key


def make_key(file: Path) -> None:
    """Make a key that its owner alone can read, if there is none yet."""
    write_once(file, secrets.token_hex(32).encode())
