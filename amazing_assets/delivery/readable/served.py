"""What the copy adds to tables, on a server: names in words, and all that is known of a customer.

A server keeps nobody waiting, so there is no copy: views lie beside the tables that runs write.
Of the lake, which no server reads, the newest customer view is written there, and no more.
"""

from __future__ import annotations

import hashlib
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from amazing_assets import __version__
from amazing_assets.cadence import WEEKLY
from amazing_assets.dates import week_start
from amazing_assets.delivery.readable.named import views_of
from amazing_assets.delivery.readable.names import NAMES, names_of, naming
from amazing_assets.delivery.readable.together import TOGETHER, VIEW
from amazing_assets.lake.sides import side_of
from amazing_assets.places import SCHEMA
from amazing_assets.warehouse.connection import connect, told
from amazing_assets.warehouse.described import identifier, qualified
from amazing_assets.warehouse.statements import LEDGER, Statements
from amazing_assets.warehouse.warehouse import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amazing_assets.delivery.readable.contracts import Contracts
    from amazing_assets.lake.table import Lake
    from amazing_assets.segments.naming.given import GivenNames
    from amazing_assets.warehouse.publication import ServerWriter

# What is written here, and by no asset.
OURS = (NAMES, VIEW, TOGETHER)

# As a server is given them: it has no small unsigned numbers, and days' times are in UTC.
_AS_SERVED = (
    pl.selectors.unsigned_integer().cast(pl.Int16),
    pl.selectors.float().cast(pl.Float64),
    pl.selectors.enum().cast(pl.String),
    pl.selectors.datetime().dt.convert_time_zone("UTC").dt.replace_time_zone(None),
)


# A frame of 207 columns: so many customers are 3 GB at the end of a run.
MOST_CUSTOMERS = 2_000_000

_NAMES = {
    "segment": pl.Int16,
    "code": pl.String,
    "status": pl.String,
    "is_latest": pl.Boolean,
    "en": pl.String,
    "fr": pl.String,
    "named_by": pl.String,
    "named_on": pl.String,
}


@dataclass(frozen=True)
class ServedViews:
    """The views of a schema.

    Attributes:
        writer: Of the server.
        lake: Whose newest customer view is written there.
        contracts: What tables are.
        given: The names that people gave to segments.
        most: Of more customers no view is written.
    """

    writer: ServerWriter
    lake: Lake
    contracts: Contracts
    given: GivenNames = field(default_factory=dict)
    most: int = MOST_CUSTOMERS

    def refresh(self) -> bool:
        """Make the views anew, unless nothing that they show has changed; returns whether it did.

        Raises:
            WarehouseError: The server does not take them.
        """
        if not (tables := self._tables()):
            return False
        with self._asked() as cursor:
            state = self._state(cursor, tables)
            if self._is_recorded(cursor, TOGETHER, state):
                return False
            names = self._names(cursor, tables)
        self.writer.write(Replacement(NAMES, names, state))
        self._write_view()
        self._make(self._tables(), state)
        return True

    def _tables(self) -> dict[str, list[str]]:
        """Return the columns of every table, in their order."""
        with self._asked() as cursor:
            cursor.execute(Statements(self.writer.server, "").columns_of_tables())
            found: dict[str, list[str]] = {}
            for table, column in cursor.fetchall():
                found.setdefault(table, []).append(column)
        return found if LEDGER in found else {}

    def _state(self, cursor: Any, tables: Mapping[str, Sequence[str]]) -> str:  # noqa: ANN401  psycopg2 is untyped
        ledger = Statements(self.writer.server, "").ledger
        ours = ", ".join("%s" for _ in OURS)
        cursor.execute(
            f"select table_name, max(published_at) from {ledger} "  # noqa: S608  our own names
            f"where table_name not in ({ours}) group by table_name order by table_name",
            OURS,
        )
        others = {name: columns for name, columns in tables.items() if name not in OURS}
        # A new version of the platform may describe the same tables otherwise.
        seen = [__version__, self.given, self._newest(), cursor.fetchall(), sorted(others.items())]
        return hashlib.sha256(repr(seen).encode()).hexdigest()

    def _newest(self) -> tuple[str, str] | None:
        """Return the newest week that the lake has a view of, and its version."""
        keys = [
            key for key in self.lake.partitions(VIEW, WEEKLY) if self.lake.is_current(VIEW, key)
        ]
        if not keys:
            return None
        return keys[-1], side_of(self.lake.root).version_of(self.lake.root / VIEW, keys[-1])

    def _is_recorded(self, cursor: Any, table: str, state: str) -> bool:  # noqa: ANN401  as above
        ledger = Statements(self.writer.server, table).ledger
        cursor.execute(
            f"select 1 from {ledger} where table_name = %s and run_id = %s limit 1",  # noqa: S608  as above
            (table, state),
        )
        return cursor.fetchone() is not None

    def _names(self, cursor: Any, tables: Mapping[str, Sequence[str]]) -> pl.DataFrame:  # noqa: ANN401  as above
        """Return the names in words of all that tables call segments."""
        with closing(duckdb.connect()) as connection:
            connection.execute(f"create schema {SCHEMA}")
            held = {name: columns for name, columns in tables.items() if naming(columns)}
            for table, columns in held.items():
                named = ", ".join(map(identifier, naming(columns)))
                cursor.execute(
                    f"select distinct {named} from {qualified(table, self.writer.server.schema)}"  # noqa: S608  as above
                )
                rows = pl.DataFrame(
                    cursor.fetchall(),
                    schema=dict.fromkeys(naming(columns), pl.String),
                    orient="row",
                    strict=False,
                )
                connection.execute(f"create table {qualified(table)} as select * from rows")  # noqa: S608  as above
            found = names_of(connection, held, self.given)
        rows = pl.DataFrame(found, schema=_NAMES, orient="row")
        return rows.with_columns(pl.col("named_on").str.to_date("%Y-%m-%d"))

    def _write_view(self) -> None:
        """Write the newest customer view, unless it is there."""
        newest = self._newest()
        if newest is None:
            return
        with self._asked() as cursor:
            if self._is_recorded(cursor, VIEW, " ".join(newest)):
                return
        rows = self.lake.scan(VIEW, newest[0]).select(
            pl.lit(week_start(newest[0])).alias(WEEKLY.name), pl.all()
        )
        customers = rows.select(pl.len()).collect().item()
        if customers > self.most:
            self.writer.tell(
                f"customer_360 is not brought up to {newest[0]}: {customers:,} customers are more "
                f"than the {self.most:,} that are written at once; read the lake's customer_view."
            )
            return
        served = rows.with_columns(*_AS_SERVED).collect()
        self.writer.write(Replacement(VIEW, served, " ".join(newest)))

    def _make(self, tables: Mapping[str, Sequence[str]], state: str) -> None:
        say = Statements(self.writer.server, TOGETHER)
        with self._asked() as cursor:
            # One after the other: what makes views at once fails in the catalogue.
            cursor.execute(say.dialect.lock([say.ledger]))
            for statement in views_of(self.writer.server, tables, self.contracts):
                cursor.execute(statement)
            now = datetime.now(UTC).replace(tzinfo=None)
            cursor.execute(say.record(), (TOGETHER, "", state, "", 0, now))

    @contextmanager
    def _asked(self) -> Iterator[Any]:
        server = self.writer.server
        with (
            closing(connect(server, self.writer.password)) as connection,
            told(server, "the views"),
            connection,
            connection.cursor() as cursor,
        ):
            yield cursor
