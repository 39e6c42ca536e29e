"""Queries that are made once and run for every request.

To make a query of some hundred expressions takes longer than to run it over the events of a few
customers, and so does looking for what could be left out of one that is as short as it gets.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What makes running it shorter; everything else costs more than it saves. So does the engine that
# reads rows as a stream: ten times as long for the actions of one customer.
_OPTIMIZATIONS = pl.QueryOptFlags.none(projection_pushdown=True)


class Prepared:
    """A query over rows that are known only when it is run.

    Args:
        query: Is given a query of the rows of each name, and returns the query of the result.
        schemas: Of the rows, by name.
    """

    def __init__(self, query: Callable[..., pl.LazyFrame], **schemas: pl.Schema) -> None:
        self._lock = threading.Lock()
        self._rows = {name: pl.DataFrame(schema=schema) for name, schema in schemas.items()}
        self._query = query(**{name: _read(self._rows, name) for name in schemas})
        self._rows.clear()

    def run(self, **rows: pl.DataFrame) -> pl.DataFrame:
        """Return what the query makes of some rows, of which nothing is kept."""
        with self._lock:
            self._rows.update(rows)
            try:
                return self._query.collect(engine="in-memory", optimizations=_OPTIMIZATIONS)
            finally:
                self._rows.clear()


def _read(rows: Mapping[str, pl.DataFrame], name: str) -> pl.LazyFrame:
    """A query of the rows that there are whenever it is run, read once.

    It knows the rows alone: Python does not see what a query holds, and would keep for ever what
    holds the query and is held by it.
    """
    return rows[name].lazy().pipe_with_schema(lambda _, __: rows[name].lazy()).cache()
