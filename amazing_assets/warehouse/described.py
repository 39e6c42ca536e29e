"""What the contracts of tables say to a database, whichever it is: descriptions as comments."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from amazing_assets.places import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandera.polars as pa


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
        table: Its name, as a statement holds it.
        said: What it is.
        columns: What each of its columns is.
    """
    yield f"comment on {kind} {table} is {literal(said)}"
    for column, description in columns.items():
        yield f"comment on column {table}.{identifier(column)} is {literal(description)}"


def qualified(table: str, schema: str = SCHEMA) -> str:
    """Return the name of a table, or a view, as a statement holds it."""
    return f"{schema}.{identifier(table)}"


def identifier(name: str) -> str:
    """Return a name as a statement holds it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a statement holds it."""
    return "'" + text.replace("'", "''") + "'"
