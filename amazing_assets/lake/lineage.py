"""Which columns a column is made of, read off the query itself, so that nobody keeps lists.

A query over empty tables is run for a column alone: what Polars then asks of each table is what
the column needs. That includes the columns that decide which rows count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from polars.io.plugins import register_io_source

from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandera.polars as pa

# Of each column of a table the tables and columns that it is made of.
Lineage = dict[str, set[tuple[str, str]]]


class Tracer:
    """Empty tables that remember which of their columns were asked for."""

    def __init__(self) -> None:
        self._asked: set[tuple[str, str]] = set()

    def table(self, name: str, contract: type[pa.DataFrameModel]) -> pl.LazyFrame:
        """Return an empty table."""
        schema = schema_of(contract)
        return self.stand_in(schema, {column: [(name, column)] for column in schema})

    def stand_in(
        self, schema: pl.Schema, made_of: Mapping[str, Iterable[tuple[str, str]]]
    ) -> pl.LazyFrame:
        """Return an empty frame whose columns are themselves made of columns of tables."""

        def read(
            columns: list[str] | None,
            predicate: pl.Expr | None,
            _rows: int | None,
            _batch: int | None,
        ) -> Iterator[pl.DataFrame]:
            asked = schema.names() if columns is None else columns
            self._asked.update(source for column in asked for source in made_of[column])
            empty = pl.DataFrame(schema=schema).select(asked)
            yield empty if predicate is None else empty.filter(predicate)

        return register_io_source(read, schema=schema)

    def sources(self, query: pl.LazyFrame) -> set[tuple[str, str]]:
        """Return the tables and columns that a query reads."""
        self._asked.clear()
        query.collect()
        return set(self._asked)

    def lineage(self, query: pl.LazyFrame, columns: Sequence[str] | None = None) -> Lineage:
        """Return what each column of a query is made of."""
        names = query.collect_schema().names() if columns is None else columns
        return {name: self.sources(query.select(name)) for name in names}
