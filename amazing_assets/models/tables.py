"""What the tables about a model have in common."""

from typing import Any

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import schema_of

# Version of a model that was never published.
UNPUBLISHED = "unpublished"


def versioned(table: pl.DataFrame, contract: type[pa.DataFrameModel], version: str) -> pl.DataFrame:
    """Return a table about a model with the model's version, its columns as promised."""
    known = schema_of(contract).names()
    return table.with_columns(model_version=pl.lit(version)).select(known)


def share(description: str) -> Any:  # noqa: ANN401 - as Pandera's own
    """A figure between 0 and 1 that may be unknown."""
    return pa.Field(ge=0, le=1, nullable=True, description=description)


def unversioned(contract: type[pa.DataFrameModel]) -> pl.Schema:
    """Return the columns of a table about a model that has no version yet."""
    known = schema_of(contract)
    return pl.Schema({name: kind for name, kind in known.items() if name != "model_version"})
