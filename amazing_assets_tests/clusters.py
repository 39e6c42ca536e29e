"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager

PATIENCE = 60

# A worker has one thread; a task that has killed two is given up, for four take twice as long.
WORKERS = {
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
}


class Cluster:
    """A running scheduler and its workers."""

    def __init__(self, folder, *certificates):
        self.folder, self.file = folder, folder / "scheduler.json"
        self.certificates, self.processes = certificates, []

    @property
    def address(self):
        return json.loads(self.file.read_text())["address"]

    def start_scheduler(self):
        here = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.start("scheduler", *here, "--scheduler-file", str(self.file))
        deadline = time.monotonic() + PATIENCE
        while not self.file.exists():
            assert self.processes[0].poll() is None, (self.folder / "0.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def start_worker(self):
        small = ("--nthreads", "1", "--nworkers", "1", "--memory-limit", "2GB", "--no-dashboard")
        where = ("--host", "127.0.0.1", "--local-directory", str(self.folder))
        self.start("worker", "--scheduler-file", str(self.file), *small, *where)

    def start(self, *arguments):
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, *self.certificates],
                env=os.environ | WORKERS,  # noqa: TID251  what leads to S3
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)

    def kill_scheduler(self):
        self.processes[0].kill()

    def end(self):
        # A polite end takes seconds; a worker ends with the nanny that watches it.
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait(PATIENCE)


@contextmanager
def cluster(folder, *certificates, workers=2):
    """A cluster for as long as it is needed; its workers join when they are ready."""
    running = Cluster(folder, *certificates)
    try:
        running.start_scheduler()
        for _ in range(workers):
            running.start_worker()
        yield running
    finally:
        running.end()
