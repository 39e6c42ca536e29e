"""Every statement that a warehouse on a server is given, for either of the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amazing_assets.warehouse.described import (
    about,
    comments,
    descriptions,
    identifier,
    literal,
    qualified,
)
from amazing_assets.warehouse.dialects import PostgreSQL, Redshift, type_of
from amazing_assets.warehouse.warehouse import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandera.polars as pa
    import polars as pl

    from amazing_assets.places import Server
    from amazing_assets.warehouse.dialects import Dialect
    from amazing_assets.warehouse.warehouse import Replacement

LEDGER = "publications"

_OF_THE_LEDGER = {
    "table_name": "Table that was written. Never null.",
    "partition_key": "Its month or week, as 2019-10; empty: the table has no partitions.",
    "run_id": "Run that wrote it. Never null.",
    "content": "SHA-256 of the rows as they were handed over. Never null.",
    "row_count": "Number of rows. Never null.",
    "published_at": "When it was written, in UTC. Never null.",
}

DIALECTS: dict[str, Dialect] = {"postgresql": PostgreSQL(), "redshift": Redshift()}


@dataclass(frozen=True)
class Statements:
    """The statements about one table.

    Attributes:
        server: Which database it is, and who may read it.
        table: The name of the table.
    """

    server: Server
    table: str

    @property
    def dialect(self) -> Dialect:
        """How the database is spoken to."""
        return DIALECTS[self.server.kind]

    @property
    def named(self) -> str:
        """The table as a statement holds it."""
        return qualified(self.table, self.server.schema)

    @property
    def ledger(self) -> str:
        """The ledger as a statement holds it."""
        return qualified(LEDGER, self.server.schema)

    @property
    def stage(self) -> str:
        """The temporary table, which no other session sees."""
        return identifier(f"stage_{self.table}")

    def has_schema(self) -> str:
        """Return the query whether the schema is there: to make one takes a right of its own."""
        return f"select 1 from pg_namespace where nspname = {literal(self.server.schema)}"  # noqa: S608  our own names

    def create_schema(self) -> str:
        """Return what makes the schema."""
        return f"create schema {self.server.schema}"

    def create_ledger(self) -> str:
        """Return what makes the ledger where it is not."""
        text = self.dialect.text
        return (
            f"create table if not exists {self.ledger} (table_name {text}, partition_key {text}, "
            f"run_id {text}, content {text}, row_count bigint, published_at timestamp)"
            f"{self.dialect.small}"
        )

    def columns(self) -> str:
        """Return the query for the columns of the table, and the types that the catalogue says."""
        return (
            f"select column_name, data_type from information_schema.columns "  # noqa: S608  our own names
            f"where table_schema = {literal(self.server.schema)} "
            f"and table_name = {literal(self.table)} order by ordinal_position"
        )

    def columns_of_tables(self) -> str:
        """Return the query for the columns of every table, in their order; views are left out."""
        return (
            f"select columns.table_name, columns.column_name "  # noqa: S608  our own names
            f"from information_schema.columns as columns "
            f"join information_schema.tables as tables "
            f"on tables.table_schema = columns.table_schema "
            f"and tables.table_name = columns.table_name "
            f"where tables.table_type = 'BASE TABLE' "
            f"and columns.table_schema = {literal(self.server.schema)} "
            f"order by columns.table_name, columns.ordinal_position"
        )

    def create(self, schema: pl.Schema, partition: str | None) -> str:
        """Return what makes the table."""
        layout = self.dialect.layout(schema.names(), partition)
        return f"create table {self.named} ({self._typed(schema)}){layout}"

    def add(self, schema: pl.Schema) -> Iterator[str]:
        """Yield what adds columns to the table, one by one as Redshift wants it."""
        for name, dtype in schema.items():
            yield f"alter table {self.named} add column {self._typed({name: dtype})}"

    def describe(self, contract: type[pa.DataFrameModel] | None) -> Iterator[str]:
        """Yield what describes table and ledger, and lets the readers read."""
        said = "One row per partition that was written, each once: what repeats is found here."
        yield from comments("table", self.ledger, said, _OF_THE_LEDGER)
        if contract:
            yield from comments("table", self.named, about(contract), descriptions(contract))
        if self.server.readers:
            role = self.dialect.role(self.server.readers)
            yield f"grant usage on schema {self.server.schema} to {role}"
            yield f"grant select on {self.named} to {role}"

    def create_stage(self, schema: pl.Schema) -> str:
        """Return what makes the temporary table."""
        return f"create temporary table {self.stage} ({self._typed(schema)})"

    def audit(self, replacement: Replacement) -> str:
        """Return the query for what was staged: rows, rows of the partition, and different keys."""
        inside, keys = "count(*)", "count(*)"
        if replacement.cadence:
            day = identifier(replacement.cadence.name)
            inside = (
                f"sum(case when {day} = date {literal(str(replacement.day))} then 1 else 0 end)"
            )
        if unique := unique_columns(replacement):
            names = ", ".join(map(identifier, unique))
            keys = f"(select count(*) from (select distinct {names} from {self.stage}) as keys)"  # noqa: S608  our own names
        return f"select count(*), {inside}, {keys} from {self.stage}"  # noqa: S608  our own names

    def lock(self) -> str:
        """Return what keeps other writers from the table and the ledger."""
        return self.dialect.lock([self.named, self.ledger])

    def is_recorded(self) -> str:
        """Return the query whether the ledger knows table, partition, run and content."""
        return (
            f"select 1 from {self.ledger} where table_name = %s and partition_key = %s "  # noqa: S608  our own names
            f"and run_id = %s and content = %s limit 1"
        )

    def delete(self, replacement: Replacement) -> str:
        """Return what takes the rows of before away."""
        if replacement.cadence is None:
            return f"delete from {self.named}"  # noqa: S608  our own names
        column = identifier(replacement.cadence.name)
        return f"delete from {self.named} where {column} = date {literal(str(replacement.day))}"  # noqa: S608  as above

    def insert(self, schema: pl.Schema) -> str:
        """Return what puts the staged rows in."""
        names = ", ".join(map(identifier, schema))
        return f"insert into {self.named} ({names}) select {names} from {self.stage}"  # noqa: S608  our own names

    def record(self) -> str:
        """Return what writes the row of the ledger."""
        return (
            f"insert into {self.ledger} (table_name, partition_key, run_id, content, row_count, "  # noqa: S608  our own names
            f"published_at) values (%s, %s, %s, %s, %s, %s)"
        )

    def drop(self) -> Iterator[str]:
        """Yield what removes the table, and what the ledger says of it."""
        yield f"drop table if exists {self.named}"
        yield f"delete from {self.ledger} where table_name = {literal(self.table)}"  # noqa: S608  our own names

    def _typed(self, schema: Mapping[str, pl.DataType]) -> str:
        return ", ".join(f"{identifier(n)} {self._type(n, dtype)}" for n, dtype in schema.items())

    def _type(self, name: str, dtype: pl.DataType) -> str:
        found = type_of(self.dialect, dtype)
        if found is None:
            raise WarehouseError(
                f"The column {name} of {self.table} is {dtype}, which no warehouse on a server is "
                f"given; cast it to one of the types that warehouse/dialects.py lists."
            )
        return found


def tables_of(server: Server) -> str:
    """Return the query for the names of all tables of the schema."""
    return (
        f"select table_name from information_schema.tables "  # noqa: S608  our own names
        f"where table_schema = {literal(server.schema)}"
    )


def unique_columns(replacement: Replacement) -> list[str]:
    """Return the columns that tell the rows of a table apart; none: its contract names none."""
    if replacement.contract is None:
        return []
    schema = replacement.contract.to_schema()
    alone = [name for name, column in schema.columns.items() if column.unique]
    together = [schema.unique] if isinstance(schema.unique, str) else list(schema.unique or ())
    return together or alone[:1]
