"""The contracts of all tables, and the columns of a table of which there is nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.warehouse.described import identifier

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandera.polars as pa


@dataclass(frozen=True)
class Contracts:
    """The contract of every table, by name.

    Attributes:
        lake: Of the customer-sharded tables.
        warehouse: Of the tables of the warehouse.
        weekly: Names of the lake's weekly tables.
    """

    lake: Mapping[str, type[pa.DataFrameModel]]
    warehouse: Mapping[str, type[pa.DataFrameModel]]
    weekly: Collection[str]


@cache
def empty_columns(contract: type[pa.DataFrameModel]) -> str:
    """Return the columns of a table as a query of no rows selects them."""
    # Parquet knows no enumerations: their values are read as texts.
    frame = pl.DataFrame(schema=schema_of(contract)).with_columns(  # noqa: F841  DuckDB reads it by its name
        pl.selectors.enum().cast(pl.String)
    )
    with duckdb.connect() as connection:
        described = connection.execute("describe select * from frame").fetchall()
    return ", ".join(f"null::{kind} as {identifier(name)}" for name, kind, *_ in described)
