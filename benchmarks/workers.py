"""A month of events by no worker, by one and by two: what a cluster on this machine makes of it.

The first row is the process of the run alone. Files are read where the run is, whoever works
after that: reading is told apart. Each worker has one thread. Minutes on two cores, in a folder
that is gone thereafter.

    python -m benchmarks.workers [--events 10000000] [--shards 8] [--rounds 2] [--write]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from distributed import Client

from benchmarks.kept import Sitting
from benchmarks.measured import Cost, measure
from benchmarks.page import machine, table, write
from benchmarks.steps import CLEAN, FEATURES, RAW, STEPS, SUMMARIES, environment, home, run
from benchmarks.worlds import World, generate

MONTH, CUSTOMERS_AN_EVENT = "2019-10", 1 / 20
AFTER_READING = " or ".join(STEPS[name] for name in (CLEAN, SUMMARIES, FEATURES))
WORKERS = (0, 1, 2)
HEADS = ("workers", "seconds to read", "seconds after that", "GB of the run", "GB of a worker")

PAGE, SECTION = Path(__file__).parents[1] / "docs" / "how-to" / "cluster.md", "workers"
PATIENCE_SECONDS = 60

ONE_THREAD = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
SMALL = ("--nthreads", "1", "--nworkers", "1", "--memory-limit", "8GB", "--no-dashboard")


def main() -> None:
    """Measure, print a table, and write the page if asked."""
    asked = arguments().parse_args()
    sitting = Sitting.now()
    with tempfile.TemporaryDirectory() as folder:
        customers = max(1_000, round(asked.events * CUSTOMERS_AN_EVENT))
        world = World(Path(folder, "world"), {MONTH: asked.events}, customers)
        generate(world)
        rows = []
        for workers in WORKERS:
            rounds = [
                measured(Path(folder, f"{workers}-{number}"), world, workers, asked.shards)
                for number in range(asked.rounds)
            ]
            rows.append(row(workers, *min(rounds, key=lambda each: each[1].seconds)))
            print(*rows[-1], flush=True)
    about = f"{asked.events:,} events in {asked.shards} parts."
    text = f"{about} {machine([sitting])}\n\n{table(HEADS, rows)}"
    print(text)
    if asked.write:
        write(SECTION, text, PAGE)


def row(workers: int, read: Cost, rest: Cost, held: float) -> tuple[str, ...]:
    """Return what so many workers took, as the page has it."""
    return (
        str(workers or "none"),
        f"{read.seconds:.1f}",
        f"{rest.seconds:.1f}",
        f"{max(read.gigabytes, rest.gigabytes):.2f}",
        f"{held:.2f}" if workers else "",
    )


def measured(folder: Path, world: World, workers: int, shards: int) -> tuple[Cost, Cost, float]:
    """Return what reading took, what followed it took, and the most that a worker held."""
    folder.mkdir()
    with cluster(folder, workers) as (address, processes):
        named = {"AMAZING_CLUSTER": address} if address else {}
        own = home(folder / "home", world.landing, AMAZING_SHARDS=str(shards), **named)
        read = measure(run([MONTH], STEPS[RAW]), own)
        rest = measure(run([MONTH], AFTER_READING), own)
        return read, rest, max(map(most_held, processes), default=0.0)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and workers on this machine; yields its address and the workers' processes."""
    if not workers:
        yield "", []
        return
    file, started = folder / "scheduler.json", list[subprocess.Popen[bytes]]()
    here = ("--scheduler-file", str(file), "--host", "127.0.0.1")
    try:
        started.append(dask("scheduler", *here, "--port", "0", "--no-dashboard"))
        wait_until(file.exists)
        kept = ("--local-directory", str(folder))
        started += [dask("worker", *here, *SMALL, *kept) for _ in range(workers)]
        address = json.loads(file.read_text())["address"]
        with Client(address, timeout=PATIENCE_SECONDS) as client:
            client.wait_for_workers(workers, timeout=PATIENCE_SECONDS)
        yield address, children(started[1:])
    finally:
        # A polite end takes seconds; a worker ends with the nanny that watches it.
        for process in started:
            process.kill()
        for process in started:
            process.wait(PATIENCE_SECONDS)


def dask(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a program of Dask's."""
    command = [sys.executable, "-m", "dask", *arguments]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment(**ONE_THREAD), stdout=quiet, stderr=quiet)


def children(nannies: list[subprocess.Popen[bytes]]) -> list[int]:
    """Return the processes that work, each watched by one that was started."""
    return [
        child.pid
        for nanny in nannies
        for child in psutil.Process(nanny.pid).children(recursive=True)
        if any("spawn_main" in word for word in child.cmdline())
    ]


def most_held(process: int) -> float:
    """Return the most memory that a running process has held, in GB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    (peak,) = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(peak) / 2**20


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what a scheduler does a moment after it was started."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            sys.exit("Dask did not start within a minute; start `dask scheduler` to see why.")
        time.sleep(0.1)


def arguments() -> argparse.ArgumentParser:
    """Return what may be asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000_000, help="of the month")
    parser.add_argument("--shards", type=int, default=8, help="parts of the lake")
    parser.add_argument("--rounds", type=int, default=2, help="the best seconds of so many")
    parser.add_argument("--write", action="store_true", help="into docs/how-to/cluster.md")
    return parser


if __name__ == "__main__":
    main()
