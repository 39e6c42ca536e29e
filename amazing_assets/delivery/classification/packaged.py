"""The whole way from raw events to answers as one model of MLflow, for whoever serves models there.

A version holds the champions of the moment it was made, and what they take of the lake: reference
prices and sessions of crowds. It needs no lake and no key, and follows no later champion.
"""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.contract import PriceBook
from amazing_assets.customers.prices import price_reference
from amazing_assets.delivery.classification.champions import Champions, ChampionStores
from amazing_assets.delivery.classification.classify import Classifier
from amazing_assets.delivery.classification.contract import CustomerAnswers
from amazing_assets.delivery.classification.events import read_file, reference_date
from amazing_assets.delivery.classification.registered import CLASSIFIER
from amazing_assets.delivery.classification.surroundings import (
    Surroundings,
    crowded_sessions,
    whole_months,
)
from amazing_assets.errors import PlainError
from amazing_assets.events.reading.header import HEADER
from amazing_assets.lake.contract import schema_of
from amazing_assets.landing.zone import LandedFile
from amazing_assets.models.store import ModelStore, NewVersion, Serving
from amazing_assets.segments.naming.given import given_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from amazing_assets.lake.table import Lake

_SEGMENTS, _NEXT_ACTIONS, _VERSIONS = "segments", "next_actions", "versions.json"
_PRICES, _CROWDED = "price_book", "crowded_sessions.parquet"

# Run by MLflow where a model is served, and by nobody else.
_SERVING = Path(__file__).with_name("served.py")

# As the files of the shop have them.
_INPUTS = dict.fromkeys(HEADER, "string") | {
    "product_id": "long",
    "category_id": "long",
    "price": "double",
    "user_id": "long",
}

_KINDS = {
    pl.Int64(): "long",
    pl.Int16(): "integer",
    pl.Int32(): "integer",
    pl.UInt32(): "long",
    pl.Float32(): "float",
    pl.Float64(): "double",
    pl.Boolean(): "boolean",
}


class PackagedError(PlainError):
    """What was asked cannot be answered; the message is the sentence to tell."""


def package(stores: ChampionStores, lake: Lake) -> str:
    """Register the champions, with what they take of the lake, and return the version.

    Raises:
        NoChampionError: There is no segment model in use.
    """
    champions = stores.read()
    store = ModelStore(stores.segments.tracking_uri, stores.segments.artifacts, CLASSIFIER)
    required = {
        name for name, column in CustomerAnswers.to_schema().columns.items() if not column.nullable
    }
    outputs = {name: _KINDS.get(kind, "string") for name, kind in answers().items()}
    versions = {name: version or "none" for name, version in champions.versions.items()}
    new = NewVersion(
        write=lambda folder: _write(folder, stores, champions, lake),
        figures={},
        texts={},
        tags=versions,
        card=_card(versions),
    )
    return store.add(new, Serving(_SERVING, _INPUTS, outputs, frozenset(required)))


def answers() -> pl.Schema:
    """Return the columns that are answered, as JSON can hold them."""
    schema = schema_of(CustomerAnswers)
    return pl.Schema(
        {name: kind if kind in _KINDS else pl.String() for name, kind in schema.items()}
    )


def _card(versions: Mapping[str, str]) -> str:
    held = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"# Classifier\n\nRaw events in, segment and next action out. It holds {held}.\n"


def _write(folder: Path, stores: ChampionStores, champions: Champions, lake: Lake) -> None:
    (folder / _PRICES).mkdir(parents=True)
    for store, name in ((stores.segments, _SEGMENTS), (stores.next_actions, _NEXT_ACTIONS)):
        version = champions.versions[store.model.name]
        if version is not None:
            store.read(version, partial(shutil.copytree, dst=folder / name))
    for file in stores.artifacts.glob("segment_names.json"):
        shutil.copy(file, folder)
    (folder / _VERSIONS).write_text(json.dumps(champions.versions))
    months = lake.months("price_book")
    for month in months:
        book = lake.scan("price_book", month).collect()
        book.write_parquet(folder / _PRICES / f"{month}.parquet")
    crowded_sessions(lake, months).write_parquet(folder / _CROWDED)


@dataclass(frozen=True)
class Packaged:
    """A packaged classifier, read back.

    Attributes:
        champions: The models that it was made of.
        books: The price book of each month, by month.
        crowded: Columns `month` and `user_session`: sessions that too many customers used.
    """

    champions: Champions
    books: Mapping[str, pl.DataFrame]
    crowded: pl.DataFrame

    def answer(self, sent: pl.DataFrame) -> pl.DataFrame:
        """Return `CustomerAnswers` at the day after the last event, by the shop's own ids.

        Args:
            sent: Events, with the columns of the shop's files.

        Raises:
            PackagedError: Some are no events.
        """
        events = read_table(sent)
        lent = self._surroundings(reference_date(events, None))
        return Classifier(self.champions, lent).classify(events)

    def _surroundings(self, as_of: date) -> Surroundings:
        months = whole_months(sorted(self.books), as_of)
        known = [self.books[month].lazy() for month in months]
        book = pl.concat(known) if known else pl.LazyFrame(schema=schema_of(PriceBook))
        crowded = self.crowded.filter(pl.col("month").dt.strftime("%Y-%m").is_in(months))
        return Surroundings(as_of, months, price_reference(book, as_of), crowded)


def read_table(sent: pl.DataFrame) -> pl.DataFrame:
    """Return `RawEvents`, by the shop's own ids, of a table that is read like a landed file.

    Raises:
        PackagedError: Some rows are no events.
    """
    body = sent.select(HEADER).write_csv().encode()
    file = LandedFile("table", len(body), (), lambda: io.BufferedReader(io.BytesIO(body)))
    events, count = read_file(file)
    if count.rejected:
        raise PackagedError(f"{count.summary}; correct those, or leave them out.")
    return events


def read_packaged(folder: Path) -> Packaged:
    """Return what was packaged into a folder."""
    # As in `champions`: scikit-learn takes seconds.
    from amazing_assets.next_actions import stored as next_actions  # noqa: PLC0415
    from amazing_assets.segments import stored as segments  # noqa: PLC0415

    versions = json.loads((folder / _VERSIONS).read_text())
    following = folder / _NEXT_ACTIONS
    champions = Champions(
        segments.read_model(folder / _SEGMENTS),
        versions[_SEGMENTS],
        next_actions.read_model(following) if following.is_dir() else None,
        versions[_NEXT_ACTIONS],
        given_names(folder),
    )
    books = {file.stem: pl.read_parquet(file) for file in (folder / _PRICES).glob("*.parquet")}
    return Packaged(champions, books, pl.read_parquet(folder / _CROWDED))
