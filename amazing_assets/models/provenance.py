"""On what a model was fitted, and whether it may read what it is given."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from datetime import date

# Rows turned into text at a time: a column of 5 million customers at once is 100 MB.
_SLICE = 100_000


class FeatureVersionError(PlainError):
    """Features are defined otherwise than those that a model was fitted on."""


class Provenance(NamedTuple):
    """On whom the model was fitted.

    Attributes:
        counts: Customers by reason, `eligible` among them.
        data_hash: Of the eligible customers, so that a model can be traced to its data.
        feature_version: Version of the definitions of its features.
    """

    first_date: date | None
    last_date: date | None
    counts: dict[str, int]
    data_hash: str
    seed: int
    feature_version: str


def data_hash(customers: pl.DataFrame) -> str:
    """Return a digest of the customers, by column and value."""
    digest = hashlib.sha256()
    for column in sorted(customers.columns):
        digest.update(column.encode())
        for part in customers.select(pl.col(column).cast(pl.String)).iter_slices(_SLICE):
            digest.update(part.to_series().fill_null("\0").str.join("\n").item().encode())
            digest.update(b"\n")
    return digest.hexdigest()[:16]


def require_feature_version(features: pl.DataFrame, known: str, model: str, asset: str) -> None:
    """Refuse features of another version than a model was fitted on.

    Args:
        features: With a column `feature_version`.
        known: Version that the model was fitted on.
        model: What the sentence calls it, as `segment model`.
        asset: What is materialized to fit another.

    Raises:
        FeatureVersionError: Names both versions.
    """
    others = features["feature_version"].unique().sort().drop_nulls()
    if strange := [version for version in others if version != known]:
        raise FeatureVersionError(
            f"The {model} reads features of version {known}, these are of version "
            f"{', '.join(strange)}; materialize {asset} again, or the features if they are the "
            "older ones."
        )
