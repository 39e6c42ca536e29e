"""On what a model was fitted."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from datetime import date


class Provenance(NamedTuple):
    """On whom the model was fitted.

    Attributes:
        counts: Customers by reason, `eligible` among them.
        data_hash: Of the eligible customers, so that a model can be traced to its data.
    """

    first_date: date | None
    last_date: date | None
    counts: dict[str, int]
    data_hash: str
    seed: int


def data_hash(customers: pl.DataFrame) -> str:
    """Return a digest of the customers, by column and value."""
    digest = hashlib.sha256()
    for column in sorted(customers.columns):
        digest.update(column.encode())
        digest.update(
            customers[column].cast(pl.String).fill_null("\0").str.join("\n").item().encode()
        )
    return digest.hexdigest()[:16]
