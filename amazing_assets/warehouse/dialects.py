"""Where PostgreSQL and Redshift, which descends from it, are spoken to otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import polars as pl

from amazing_assets.warehouse.described import identifier

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# Tables are read by customer: on Redshift the rows of one lie on one node.
_CUSTOMER = "user_id"

# What both call by the same name, in statements and in their catalogues.
_TYPES = {
    pl.Int16(): "smallint",
    pl.Int32(): "integer",
    pl.Int64(): "bigint",
    pl.Float64(): "double precision",
    pl.Boolean(): "boolean",
    pl.Date(): "date",
    pl.Datetime("us"): "timestamp without time zone",
}


class Dialect(Protocol):
    """How a database is spoken to."""

    # Of a text in a statement, and as the catalogue calls it.
    text: str
    catalogued_text: str

    # Follows the columns of a small table that is joined, or looked into, everywhere.
    small: str

    # Follows the query of a view.
    unbound: str

    def layout(self, columns: Collection[str], partition: str | None) -> str:
        """Return what follows the columns of a table: where its rows lie, and in which order."""
        ...

    def lock(self, tables: Sequence[str]) -> str:
        """Return the statement that keeps other writers from tables until the transaction ends."""
        ...

    def role(self, name: str) -> str:
        """Return a role as a grant names it."""
        ...


@dataclass(frozen=True)
class PostgreSQL:
    """Also what runs in tests."""

    text = "text"
    catalogued_text = "text"
    small = ""
    unbound = ""

    def layout(self, columns: Collection[str], partition: str | None) -> str:  # noqa: ARG002  as of the protocol
        """Return nothing: the tables are small enough to be looked through."""
        return ""

    def lock(self, tables: Sequence[str]) -> str:
        """Return a lock that readers do not feel."""
        return f"lock table {', '.join(tables)} in share row exclusive mode"

    def role(self, name: str) -> str:
        """Return its name."""
        return identifier(name)


@dataclass(frozen=True)
class Redshift:
    """What follows has never run here: the statements are held against what it is known to refuse.

    It enforces no key, and knows neither conflicts nor answers of an insert.
    """

    # `text` would be cut to 256 bytes.
    text = "varchar(65535)"
    catalogued_text = "character varying"
    small = " diststyle all"
    # A table that a view is bound to can be neither dropped nor renamed.
    unbound = " with no schema binding"

    def layout(self, columns: Collection[str], partition: str | None) -> str:
        """Return where rows lie: those of a customer on one node, partitions one after another."""
        customer = [_CUSTOMER] if _CUSTOMER in columns else []
        lies = f" diststyle key distkey({_CUSTOMER})" if customer else " diststyle auto"
        order = [*([partition] if partition else []), *customer]
        return f"{lies} compound sortkey({', '.join(order)})" if order else lies

    def lock(self, tables: Sequence[str]) -> str:
        """Return its only lock; readers wait for the moment that a partition is exchanged."""
        return f"lock table {', '.join(tables)}"

    def role(self, name: str) -> str:
        """Return a role, which a grant tells from a user."""
        return f"role {identifier(name)}"


def type_of(dialect: Dialect, dtype: pl.DataType) -> str | None:
    """Return the type of a column in a statement; None: none of our tables has such columns."""
    return dialect.text if dtype == pl.String else _TYPES.get(dtype)


def catalogued_type(dialect: Dialect, dtype: pl.DataType) -> str | None:
    """Return the type of a column as the catalogue calls it; None as above."""
    return dialect.catalogued_text if dtype == pl.String else _TYPES.get(dtype)
