"""Every statement that makes the views of a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.delivery.readable.names import (
    NAMES,
    add_names,
    described_names,
    names_segments,
)
from amazing_assets.delivery.readable.together import (
    SAID,
    SCORES,
    TOGETHER,
    VALUE,
    VIEW,
    described_together,
    together,
)
from amazing_assets.lake.contract import schema_of
from amazing_assets.warehouse.described import about, comments, descriptions, identifier, qualified
from amazing_assets.warehouse.dialects import type_of
from amazing_assets.warehouse.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amazing_assets.delivery.readable.contracts import Contracts
    from amazing_assets.places import Server

IN_WORDS = "_in_words"


def views_of(
    server: Server, tables: Mapping[str, Sequence[str]], contracts: Contracts
) -> Iterator[str]:
    """Yield the statements that make the views of a schema in the place of those before.

    Args:
        server: The database.
        tables: The columns of every table that is there, names of segments among them.
        contracts: What tables are.
    """
    yield from described_names(server.schema)
    for table, columns in tables.items():
        contract = contracts.warehouse.get(table)
        if contract is None or not names_segments(dict.fromkeys(columns, "")):
            continue
        described = {name: descriptions(contract).get(name, "") for name in columns}
        query, added = _in_words(server, table, described)
        said = f"{about(contract)} With the names of segments in words."
        yield from _view(server, f"{table}{IN_WORDS}", query, (said, described | added))
    if VIEW in tables:
        yield from _together(server, tables, contracts)


def _together(
    server: Server, tables: Mapping[str, Sequence[str]], contracts: Contracts
) -> Iterator[str]:
    known = descriptions(contracts.lake[VIEW])
    described = {name: known.get(name, "First day of the week.") for name in tables[VIEW]}
    query, added = _in_words(server, VIEW, described)
    sources = {
        name: _newest(server, name) if name in tables else _nothing(server, name, contracts)
        for name in (SCORES, VALUE)
    }
    whole = together({VIEW: f"({query})", **sources})
    beside = described_together(contracts)
    yield from _view(server, TOGETHER, whole, (SAID, described | added | beside))


def _in_words(
    server: Server, table: str, described: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    names = ", ".join(map(identifier, described))
    stored = f"select {names} from {qualified(table, server.schema)}"  # noqa: S608  our own names
    return add_names(stored, described, server.schema)


def _view(
    server: Server, name: str, query: str, described: tuple[str, Mapping[str, str]]
) -> Iterator[str]:
    view, dialect = qualified(name, server.schema), Statements(server, name).dialect
    yield f"drop view if exists {view}"
    yield f"create view {view} as {query}{dialect.unbound}"
    yield from comments("view", view, *described)
    if server.readers:
        role = dialect.role(server.readers)
        yield f"grant select on {view} to {role}"
        yield f"grant select on {qualified(NAMES, server.schema)} to {role}"


def _newest(server: Server, name: str) -> str:
    table = qualified(name, server.schema)
    return f"(select * from {table} where week = (select max(week) from {table}))"  # noqa: S608  as above


def _nothing(server: Server, name: str, contracts: Contracts) -> str:
    dialect = Statements(server, name).dialect
    columns = ", ".join(
        f"cast(null as {type_of(dialect, dtype)}) as {identifier(column)}"
        for column, dtype in schema_of(contracts.warehouse[name]).items()
    )
    return f"(select {columns} where 1 = 0)"
