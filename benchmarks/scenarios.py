"""What is measured: the same steps on files of several sizes, months, shards, and beside peers."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from amazing_assets.dates import months_between
from benchmarks import steps
from benchmarks.bench import Bench, Task
from benchmarks.worlds import World

FIRST, SECOND = "2019-10", "2019-11"

# 8,000 customers of the demo make 100,000 to 190,000 events a month, October the fewest; whoever
# comes to a shop of seven months comes to fewer of them: 5 million customers make 410 million.
CUSTOMERS_A_MILLION, CUSTOMERS_A_MILLION_OF_SEVEN_MONTHS = 43_000, 12_200

# As published, to the million, and an eighth month like the seventh.
PUBLISHED = (42, 67, 67, 56, 55, 56, 66)
MONTHS = months_between(FIRST, "2020-04")
EIGHTH = "2020-05"

IN_ONE, TO_SUMMARIES, BACKFILL = "landing to features", "landing to summaries", "backfill"
PEERS = {
    "naive polars": "naive_polars",
    "DuckDB script": "duckdb_script",
    "pandas": "pandas_script",
}
SHARDS = (4, 8, 16, 32, 64)

Scenario = Callable[[Bench, str], None]


@dataclass(frozen=True)
class Size:
    """Files of some months with about so many events each, measured so many times."""

    events: int
    rounds: int = 1

    def world(self, folder: Path, *months: str) -> World:
        """Return its files."""
        customers = max(100, self.events * CUSTOMERS_A_MILLION // 1_000_000)
        return World(folder / "world", dict.fromkeys(months, self.events), customers * len(months))


def month(size: Size) -> Scenario:
    """Every step of a month by itself, and in one process to the summaries and to the features."""
    return partial(_month, size)


def shards(size: Size) -> Scenario:
    """A month from landing to features, whatever the number of shards."""
    return partial(_shards, size)


def peers(size: Size) -> Scenario:
    """A month and the next one, beside those who read everything again for each."""
    return partial(_peers, size)


def seven_months(share: float) -> Scenario:
    """The published months one by one, an eighth, and the seven in one backfill."""
    return partial(_seven_months, share)


def _month(size: Size, bench: Bench, name: str) -> None:
    world = size.world(bench.folder(name), FIRST)
    bench.generate(world)
    for number in range(size.rounds):
        by_steps, task = _home(bench, name, f"steps-{number}"), _tasks(name, world, number)
        for step, selection in steps.STEPS.items():
            bench.measure(
                task(step, steps.run([FIRST], selection), steps.home(by_steps, world.landing))
            )
        shutil.rmtree(by_steps, ignore_errors=True)
        for step, selection in ((TO_SUMMARIES, steps.TO_SUMMARIES), (IN_ONE, steps.TO_FEATURES)):
            home = _home(bench, name, "one")
            variables = steps.home(home, world.landing)
            _anew(bench, task(step, steps.run([FIRST], selection), variables), home)
            shutil.rmtree(home, ignore_errors=True)


def _shards(size: Size, bench: Bench, name: str) -> None:
    world = size.world(bench.folder(name), FIRST)
    bench.generate(world)
    for number in SHARDS:
        home = _home(bench, name, "one")
        variables = steps.home(home, world.landing, AMAZING_SHARDS=str(number))
        task = _tasks(name, world, 0)(IN_ONE, steps.run([FIRST], steps.TO_FEATURES), variables)
        _anew(bench, Task(**(vars(task) | {"shards": number})), home)
        shutil.rmtree(home, ignore_errors=True)


def _peers(size: Size, bench: Bench, name: str) -> None:
    world = size.world(bench.folder(name), FIRST, SECOND)
    bench.generate(world)
    for number in range(size.rounds):
        home = _home(bench, name, f"ours-{number}")
        for history, last in enumerate((FIRST, SECOND), 1):
            made = partial(Task, world=world, months=(last,), history=history, round=number)
            ours = steps.run([last], steps.TO_FEATURES)
            bench.measure(made(name, IN_ONE, ours, steps.home(home, world.landing)))
            for peer, module in PEERS.items():
                out = bench.folder(name) / f"{module}.parquet"
                files = [str(world.file(each)) for each in (FIRST, SECOND)[:history]]
                command = [sys.executable, "-m", f"benchmarks.peers.{module}", str(out), *files]
                task = made(name, peer, command, steps.environment(), may_fail=True)
                bench.measure(task, check=partial(bench.compare, home, last, out))
        shutil.rmtree(home, ignore_errors=True)


def _seven_months(share: float, bench: Bench, name: str) -> None:
    millions = dict(zip((*MONTHS, EIGHTH), (*PUBLISHED, PUBLISHED[-1]), strict=True))
    rows = {month: round(number * 1_000_000 * share) for month, number in millions.items()}
    drawn = round(sum(PUBLISHED) * share * CUSTOMERS_A_MILLION_OF_SEVEN_MONTHS)
    world = World(bench.folder(name) / "world", rows, drawn)
    bench.generate(world)
    home = _home(bench, name, "steps")
    variables = steps.home(home, world.landing)
    for history, last in enumerate(world.rows, 1):
        if last == EIGHTH:
            _segments(bench, name, world, variables)
        for step, selection in steps.STEPS.items():
            command = steps.run([last], selection)
            bench.measure(Task(name, step, command, variables, world, (last,), history))
    shutil.rmtree(home, ignore_errors=True)
    # The lake of the steps is gone before that of the backfill begins: both do not fit.
    home = _home(bench, name, "one")
    command = steps.run(MONTHS, steps.TO_ASSIGNMENTS)
    variables = steps.home(home, world.landing)
    _anew(bench, Task(name, BACKFILL, command, variables, world, MONTHS, len(MONTHS)), home)


def _segments(bench: Bench, name: str, world: World, variables: dict[str, str]) -> None:
    for step in (steps.MODEL, steps.ASSIGNMENTS):
        command = steps.run(MONTHS, f"key:{step}")
        bench.measure(Task(name, step, command, variables, world, MONTHS, len(MONTHS)))


def _tasks(
    name: str, world: World, number: int
) -> Callable[[str, list[str], dict[str, str]], Task]:
    def task(step: str, command: list[str], variables: dict[str, str]) -> Task:
        return Task(name, step, command, variables, world, (FIRST,), round=number)

    return task


def _home(bench: Bench, scenario: str, name: str) -> Path:
    return bench.folder(scenario) / name


def _anew(bench: Bench, task: Task, home: Path) -> None:
    """Measure what begins with an empty home; a killed run may have left half a lake."""
    if not bench.is_done(task):
        shutil.rmtree(home, ignore_errors=True)
        bench.measure(task, home)
