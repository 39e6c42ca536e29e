"""Everything that is held on one customer, each item with where it is and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amazing_assets.lake.left_out import erased, objectors
from amazing_assets.lake.sides import side_of
from amazing_assets.privacy import tables, warehouse
from amazing_assets.privacy.ledger import Ledger
from amazing_assets.warehouse.described import about, descriptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandera.polars as pa
    import polars as pl

    from amazing_assets.privacy.ledger import Entry
    from amazing_assets.privacy.people import People
    from amazing_assets.privacy.stores import Stores

_CADENCES = ("month", "week")


@dataclass(frozen=True)
class Item:
    """Rows of a partition that are about the customer.

    Attributes:
        place: `lake`, `warehouse` or `files`.
        table: Its name, or the path of a file.
        partition: Such as `2019-10`; empty where there is none.
        made_of: The tables that it is made of, or where it landed.
        about: What the table is.
        columns: What each of its columns is.
        rows: The rows, without the customer's pseudonym.
    """

    place: str
    table: str
    partition: str
    made_of: Sequence[str]
    about: str
    columns: Mapping[str, str]
    rows: pl.DataFrame


@dataclass(frozen=True)
class Catalogue:
    """What is known of tables.

    Attributes:
        contracts: Of each table.
        made_of: Of each table those that it is made of.
    """

    contracts: Mapping[str, type[pa.DataFrameModel]]
    made_of: Mapping[str, Sequence[str]]

    def item(self, place: str, table: str, partition: str, rows: pl.DataFrame) -> Item:
        """Return rows with what is known of their table."""
        contract = self.contracts.get(table)
        kept = rows.drop("user_id")
        known = descriptions(contract) if contract else {}
        return Item(
            place,
            table,
            partition,
            self.made_of.get(table, ()),
            about(contract) if contract else "",
            {name: known.get(name, "") for name in kept.columns},
            kept,
        )


@dataclass(frozen=True)
class Holdings:
    """All that is held on a customer.

    Attributes:
        user_id: The shop's own id.
        pseudonym: What tables know the customer by.
        items: Rows, by place, table and partition.
        requests: What the customer asked for before, and what became of it.
        is_erased: Whether files that are read again keep nothing of the customer.
        objects: Whether no profile is made.
    """

    user_id: int
    pseudonym: int
    items: tuple[Item, ...]
    requests: tuple[Entry, ...]
    is_erased: bool
    objects: bool

    def of(self, table: str) -> Item | None:
        """Return the newest partition of a table; None if nothing is held there."""
        found = [item for item in self.items if item.table == table]
        return max(found, key=lambda item: item.partition, default=None)

    @property
    def as_json(self) -> dict[str, Any]:
        """For programs: plain values, every row."""
        return {
            "customer": {"user_id": self.user_id, "pseudonym": self.pseudonym},
            "is_erased": self.is_erased,
            "objects_to_profiles": self.objects,
            "requests": [
                {"what": each.kind, "state": each.state, "at": each.at} for each in self.requests
            ],
            "held": [_plain(item) for item in self.items],
        }


def holdings(stores: Stores, user_id: int, key: str, catalogue: Catalogue) -> Holdings:
    """Return everything that is held on a customer.

    Raises:
        WarehouseError: Another process holds the warehouse.
    """
    people = stores.people((user_id,), key)
    (pseudonym,), (mark,) = people.pseudonyms, people.marks
    items = (
        *_in_lake(stores, people, catalogue),
        *_in_warehouse(stores, people, catalogue),
        *_in_lists(stores, people, catalogue),
    )
    asked = tuple(each for each in Ledger.of(stores.home).entries() if mark in each.marks)
    return Holdings(
        user_id,
        pseudonym,
        items,
        asked,
        mark in erased(stores.lake.root, key).marks,
        pseudonym in objectors(stores.lake.root),
    )


def _plain(item: Item) -> dict[str, Any]:
    return {
        "place": item.place,
        "table": item.table,
        "partition": item.partition,
        "came_from": list(item.made_of),
        "about": item.about,
        "columns": dict(item.columns),
        "rows": item.rows.to_dicts(),
    }


def _in_lake(stores: Stores, people: People, catalogue: Catalogue) -> Iterator[Item]:
    for cell in tables.cells(stores.lake):
        files = tables.files_of(stores.lake, cell, people)
        if not files:
            continue
        rows = side_of(stores.lake.root).scan(files)
        if "user_id" not in rows.collect_schema():
            continue
        theirs = rows.filter(people.is_theirs()).collect()
        if theirs.height:
            yield catalogue.item("lake", cell.table, cell.key, theirs)


def _in_warehouse(stores: Stores, people: People, catalogue: Catalogue) -> Iterator[Item]:
    found = warehouse.rows_of(stores.warehouse, people.pseudonyms[0])
    for table, rows in found.items():
        cadence = next((name for name in _CADENCES if name in rows.columns), None)
        if cadence is None:
            yield catalogue.item("warehouse", table, "", rows)
            continue
        for (day,), part in sorted(rows.partition_by(cadence, as_dict=True).items()):
            key = f"{day:%Y-%m}" if cadence == "month" else f"{day}"
            yield catalogue.item("warehouse", table, key, part)


def _in_lists(stores: Stores, people: People, catalogue: Catalogue) -> Iterator[Item]:
    for name, rows in stores.rows_of_lists(people):
        yield catalogue.item("files", name, "", rows)
