"""What the contracts of tables say to a database: descriptions, and columns of an empty table."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.warehouse.duckdb import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

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


def about(contract: type[pa.DataFrameModel]) -> str:
    """Return what a table is, in the words of its contract."""
    return " ".join(inspect.cleandoc(contract.__doc__ or "").split())


def descriptions(contract: type[pa.DataFrameModel]) -> dict[str, str]:
    """Return what each column of a table is."""
    columns = contract.to_schema().columns.items()
    return {name: column.description or "" for name, column in columns}


def comments(kind: str, table: str, said: str, columns: Mapping[str, str]) -> Iterator[str]:
    """Yield the statements that describe a table, or a view, and its columns.

    Args:
        kind: `table` or `view`.
        table: Its name.
        said: What it is.
        columns: What each of its columns is.
    """
    named = f"{SCHEMA}.{identifier(table)}"
    yield f"comment on {kind} {named} is {literal(said)}"
    for column, description in columns.items():
        yield f"comment on column {named}.{identifier(column)} is {literal(description)}"


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


def identifier(name: str) -> str:
    """Return a name as a statement holds it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a statement holds it."""
    return "'" + text.replace("'", "''") + "'"
