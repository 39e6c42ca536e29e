"""The customer view at any dates, as files: by several workers, whole or some families of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl

from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.customers.view.view import by_shard, fetch
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.shard import Shard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future
    from datetime import date

    from amazing_assets.customers.features.families import Family
    from amazing_assets.customers.view.history import HistoryOfShard
    from amazing_assets.lake.table import Lake

Form = Literal["parquet", "csv"]


@dataclass(frozen=True)
class Asked:
    """What is asked for of the customer view.

    Attributes:
        market: Whose.
        families: Some of `FETCHERS`, or others, by name.
        workers: So many shards are worked on at the same time.
        folder: Where a file a date is written.
        form: What kind of file.
    """

    market: str
    families: Mapping[str, Family]
    workers: int
    folder: Path
    form: Form = "parquet"


class ViewFile(NamedTuple):
    """The view of a market at a date, written.

    Attributes:
        market: Whose.
        reference_date: Only events before it count.
        customers: How many rows it has.
        path: Where it is.
        failed: Of each family that is not in it a sentence that says why.
    """

    market: str
    reference_date: date
    customers: int
    path: Path
    failed: Mapping[str, str]


def write_views(
    lake: Lake,
    histories: Mapping[date, HistoryOfShard],
    segments: Mapping[date, pl.DataFrame],
    asked: Asked,
    advance: Callable[[date], None] = lambda _: None,
) -> list[ViewFile]:
    """Write the view at some dates, a file each; a family that fails is left out and told.

    Args:
        lake: Where events and summaries are.
        histories: Of `history_task`, by date.
        segments: Of `segments_for`, by date.
        asked: Which families, and where to.
        advance: Told of a date whenever one of its shards is done.
    """
    asked.folder.mkdir(parents=True, exist_ok=True)
    parts: dict[date, list[_Part]] = {day: [] for day in histories}
    # Threads: Polars works outside Python's lock, and a process forked after it was used hangs.
    with (
        TemporaryDirectory(dir=asked.folder, prefix=".parts-") as folder,
        ThreadPoolExecutor(asked.workers) as pool,
    ):
        running: dict[Future[_Part], date] = {}
        for day, history in histories.items():
            known = by_shard(segments[day], lake.shards)
            for number in range(lake.shards):
                shard = Shard(lake.root, number, lake.promised)
                file = Path(folder) / f"{day}-{number:03}.parquet"
                work = _ViewPart(history, known.get(number), asked, file)
                running[pool.submit(work, shard)] = day
        for done in as_completed(running):
            parts[running[done]].append(done.result())
            advance(running[done])
        return [_join(day, found, asked) for day, found in parts.items()]


class _Part(NamedTuple):
    """The view of a shard's customers, written, and the families that failed."""

    file: Path
    failed: Mapping[str, str]


@dataclass(frozen=True)
class _ViewPart:
    """What writes the view of a shard's customers."""

    history: HistoryOfShard
    segments: pl.DataFrame | None
    asked: Asked
    file: Path

    def __call__(self, shard: Shard) -> _Part:
        found = fetch(self.history(shard), self.history.past.all_months, self.asked.families)
        view = found.frame.rename({"as_of": "reference_date"}).with_columns(
            market=pl.lit(self.asked.market)
        )
        if self.segments is None:
            nobody = pl.lit(None)
            view = view.with_columns(segment=nobody, segment_name=nobody)
        else:
            view = view.join(self.segments, on="user_id", how="left", maintain_order="left")
        schema = schema_of(CustomerView)
        known = {name: schema[name] for name in view.columns if name in schema}
        view.cast(pl.Schema(known)).write_parquet(self.file)
        return _Part(self.file, found.failed)


def _join(day: date, parts: list[_Part], asked: Asked) -> ViewFile:
    failed = {name: said for part in parts for name, said in part.failed.items()}
    scans = [pl.scan_parquet(file) for file, _ in sorted(parts)]
    columns = [frozenset(scan.collect_schema().names()) for scan in scans]
    # Of a family that failed for some customers the others would pass for those it knows.
    shared = frozenset.intersection(*columns)
    first = [name for name in schema_of(CustomerView) if name in shared]
    others = sorted(shared.difference(first))
    whole = pl.concat([scan.select(*first, *others) for scan in scans])
    file = asked.folder / f"{day}.{asked.form}"
    beside = file.with_name(f".{file.name}.part")
    (whole.sink_csv if asked.form == "csv" else whole.sink_parquet)(beside)
    beside.replace(file)
    customers = whole.select(pl.len()).collect().item()
    return ViewFile(asked.market, day, customers, file, failed)
