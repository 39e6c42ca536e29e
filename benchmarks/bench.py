"""A benchmark at work: what is finished is left alone, what is measured is kept at once."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from amazing_assets.errors import PlainError, quoted
from amazing_assets.lake.lock import hold_at_once
from benchmarks import steps
from benchmarks.disk import Disk, size_of
from benchmarks.kept import Kept, Measurement, Sitting
from benchmarks.measured import Cost, FailedProcessError, look_away, measure
from benchmarks.worlds import World


class BenchmarkError(PlainError):
    """A benchmark cannot go on; the message says why."""


@dataclass(frozen=True)
class Task:
    """A process to measure.

    Attributes:
        scenario: Which files, as `20M`.
        step: What it is called.
        command: What is run.
        environment: Its variables.
        world: Whose files it is about.
        months: Of which files the bare call is the yardstick.
        history: How many months there are by then.
        shards: As asked for; 0: the lake's own number.
        round: Times before that the same was measured.
        may_fail: Whether the benchmark goes on when it fails.
    """

    scenario: str
    step: str
    command: list[str]
    environment: dict[str, str]
    world: World
    months: tuple[str, ...]
    history: int = 1
    shards: int = 0
    round: int = 0
    may_fail: bool = False


@dataclass
class Bench:
    """A folder in which a benchmark works.

    Attributes:
        disk: What it may use.
        kept: What is finished.
        lock: Held by this process and those that it measures: two at a time would measure each
            other.
    """

    disk: Disk
    kept: Kept
    lock: int
    _bare: dict[tuple[Path, int], float] = field(default_factory=dict)

    def folder(self, scenario: str) -> Path:
        """Return where a scenario keeps its files."""
        made = self.disk.folder / scenario.replace(" ", "-")
        made.mkdir(exist_ok=True)
        return made

    def scenario(self, name: str, measured: Callable[["Bench", str], None]) -> None:
        """Measure a scenario unless it is finished; its files are deleted once it is."""
        if name not in self.kept.finished:
            measured(self, name)
            self.kept.finished.append(name)
            self.kept.save()
        shutil.rmtree(self.folder(name))

    def generate(self, world: World) -> None:
        """Generate what is missing of a world, in a process of its own."""
        if world.is_whole:
            return
        say(f"generating {sum(world.rows.values()):,} events")
        world.folder.mkdir(parents=True, exist_ok=True)
        self._cost([sys.executable, *world.arguments], steps.environment())

    def compare(self, home: Path, month: str, peer: Path) -> None:
        """Check that a peer's columns are those of a home.

        Raises:
            BenchmarkError: They are not.
        """
        program = [sys.executable, "-W", "ignore", "-m", "benchmarks.equality"]
        try:
            self._cost([*program, str(home), month, str(peer)], steps.environment())
        except FailedProcessError:
            raise BenchmarkError(
                f"{quoted(peer.stem)} and user_features differ in {month}, see above; find out "
                f"which of them is wrong before anything is measured."
            ) from None

    def is_done(self, task: Task) -> bool:
        """Whether a task was measured before."""
        key = (task.scenario, task.step, task.history, task.shards)
        return any(each.key == key and each.round == task.round for each in self.kept.measurements)

    def measure(
        self, task: Task, home: Path | None = None, check: Callable[[], None] = look_away
    ) -> None:
        """Measure a task, unless that was done, and the bare call of its files beside it.

        Args:
            task: What to measure.
            home: Whose lake is weighed thereafter.
            check: Called before what was measured is kept; raises if it was not worth it.
        """
        if self.is_done(task):
            return
        bare = sum(self.bare(task.world.file(month), task.round) for month in task.months)
        try:
            cost, failure = self._cost(task.command, task.environment), ""
            check()
        except FailedProcessError as error:
            cost, failure = None, str(error)
            if not task.may_fail:
                raise BenchmarkError(
                    f"{task.step} of {task.scenario} {failure}, see above; start the benchmark "
                    f"again once that is mended, and it goes on."
                ) from None
        self._keep(task, cost, bare, size_of(home / "lake") / 1e9 if home else 0.0, failure)

    def _keep(self, task: Task, cost: Cost | None, bare: float, lake: float, failure: str) -> None:
        made = Measurement(
            task.scenario,
            task.step,
            task.history,
            sum(task.world.written[month] for month in task.months),
            task.shards,
            task.round,
            cost.seconds if cost else None,
            cost.gigabytes if cost else 0.0,
            bare,
            lake,
            failure,
        )
        self.kept.measurements.append(made)
        self.kept.save()
        took = f"{cost.seconds:8.1f} s  {cost.gigabytes:5.2f} GB" if cost else failure
        say(f"{task.scenario:14} {task.step:22} month {task.history}  {took}  bare {bare:6.1f} s")

    def bare(self, file: Path, number: int) -> float:
        """Return the seconds of the bare call in this sitting: others were in another machine."""
        if (file, number) not in self._bare:
            sink = self.disk.folder / "bare.parquet"
            cost = self._cost(steps.bare(file, sink), steps.environment())
            sink.unlink()
            self._bare[file, number] = cost.seconds
        return self._bare[file, number]

    def _cost(self, command: list[str], environment: dict[str, str]) -> Cost:
        return measure(command, environment, self.disk.watch, (self.lock,))


@contextmanager
def benchmark(folder: Path, most: int) -> Iterator[Bench]:
    """Begin a benchmark in a folder, or go on with the one that was begun there.

    Args:
        folder: Where it works; made if it is not there.
        most: Bytes that it may hold at a time.

    Raises:
        BenchmarkError: Another one is at work there.
        DiskError: There is no room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = hold_at_once(folder / "benchmark.lock")
    if lock is None:
        raise BenchmarkError(
            f"Another benchmark is at work in {quoted(folder, 200)}, or what it had begun still "
            f"is; wait for it, or name another folder with --folder."
        )
    with lock:
        disk = Disk(folder, most)
        disk.ask()
        kept = Kept.of(folder / "measured.json")
        kept.sittings.append(Sitting.now())
        kept.save()
        yield Bench(disk, kept, lock.fileno())


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, flush=True)
