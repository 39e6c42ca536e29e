"""Event files of so many rows a month, from the demo's generator; a month that is there is kept.

The generator says how a shop grows, not how many rows a month has. A small world is asked first;
then so many customers are drawn that the month most in want has enough, and of the others whole
sessions are left out.

    python -m benchmarks.worlds FOLDER CUSTOMERS 2019-10=42448764 2019-11=67501979
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from amazing_assets.dates import first_day, month_of
from amazing_assets.demo.calendar import ends_month
from amazing_assets.demo.days import Day, live
from amazing_assets.demo.lines import Texts, day_lines, landing_file
from amazing_assets.demo.world import WorldSettings, open_shop
from amazing_assets.landing.names import file_name

SEED = 1

# Customers of the small world that is asked first.
PILOT = 20_000

# A session is kept by its number: of so many, the first ones.
PARTS = 10_000


@dataclass(frozen=True)
class World:
    """Where the files of a world lie, and how many rows each is to have.

    Attributes:
        folder: Of the landing files and what is known of them.
        rows: Of each month, as `2019-10`; months follow one another.
        customers: Drawn for the whole world; not all of them come.
    """

    folder: Path
    rows: Mapping[str, int]
    customers: int

    @property
    def landing(self) -> Path:
        """Folder of the event files."""
        return self.folder / "landing"

    def file(self, month: str) -> Path:
        """Return the event file of a month."""
        return self.landing / file_name(month)

    @property
    def is_whole(self) -> bool:
        """Whether every month is there."""
        return all(self.file(month).exists() for month in self.rows)

    @property
    def written(self) -> dict[str, int]:
        """How many rows each month has that was ever written."""
        file = self.folder / "rows.json"
        known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        return known

    @property
    def arguments(self) -> list[str]:
        """What generates it, for a process of its own."""
        rows = [f"{month}={number}" for month, number in self.rows.items()]
        return ["-m", "benchmarks.worlds", str(self.folder), str(self.customers), *rows]


def generate(world: World) -> None:
    """Write the months that are missing; one that a killed process had begun is written anew."""
    scale, shares = calibrated(world)
    settings = _settings(world, world.customers)
    shop, unfinished = open_shop(settings), world.folder / "unfinished"
    unfinished.mkdir(parents=True, exist_ok=True)
    world.landing.mkdir(exist_ok=True)
    texts, rows = Texts(shop.customers.user_id), Counter[str]()
    with ExitStack() as opened:
        for today in live(shop, settings.days, SEED, scale):
            month = month_of(today.date)
            if world.file(month).exists():
                continue
            aside = unfinished / file_name(month)
            if today.date.day == 1:
                file = opened.enter_context(landing_file(aside))
            kept = thinned(today, shares[month])
            for block in day_lines(kept, texts):
                file.write(block)
            rows[month] += kept.events.height
            if ends_month(today.date):
                opened.close()
                _keep(world, {month: rows[month]})
                aside.rename(world.file(month))


def calibrated(world: World) -> tuple[float, dict[str, float]]:
    """Return the scale of the generator, and the share of its sessions that each month keeps."""
    scale = 1.0
    # Twice, for rows do not grow in proportion to the scale.
    for _ in range(2):
        drawn = _drawn(world, scale)
        factors = {month: number / drawn[month] for month, number in world.rows.items()}
        most = max(factors.values())
        scale *= most
    return scale, {month: factor / most for month, factor in factors.items()}


def _drawn(world: World, scale: float) -> dict[str, float]:
    """How many rows each month of the world would have, by those of a smaller one."""
    pilot = min(PILOT, world.customers)
    settings, drawn = _settings(world, pilot), Counter[str]()
    for today in live(open_shop(settings), settings.days, SEED, scale):
        drawn[month_of(today.date)] += today.events.height
    return {month: number * world.customers / pilot for month, number in drawn.items()}


def thinned(today: Day, share: float) -> Day:
    """Return a day with a share of its sessions; lines that cannot be read stay."""
    is_kept = (pl.col("low") % PARTS < round(share * PARTS)) | (pl.col("fault") > 0)
    return replace(today, events=today.events.filter(is_kept))


def _settings(world: World, customers: int) -> WorldSettings:
    return WorldSettings(
        customers=customers, months=tuple(first_day(month) for month in world.rows), seed=SEED
    )


def _keep(world: World, rows: Mapping[str, int]) -> None:
    beside = world.folder / "rows.json.new"
    beside.write_text(json.dumps(world.written | dict(rows)))
    beside.replace(world.folder / "rows.json")


def main() -> None:
    """Generate the world that the arguments name."""
    folder, customers, *rows = sys.argv[1:]
    pairs = (each.split("=") for each in rows)
    generate(World(Path(folder), {month: int(number) for month, number in pairs}, int(customers)))


if __name__ == "__main__":
    main()
