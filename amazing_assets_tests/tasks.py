"""What workers of a cluster are asked in tests; they import this and nothing heavier."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from amazing_assets.lake.storage import LakeError


def double(number):
    return 2 * number


@dataclass(frozen=True)
class Noted:
    """Notes that a task has begun, and sometimes kills the worker that took it."""

    folder: Path
    deaths: int = 0

    def __call__(self, number):
        begun = self.folder / str(number)
        begun.touch()
        if number == 3 and len(list(self.folder.glob("death*"))) < self.deaths:
            (self.folder / f"death{time.monotonic_ns()}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * number


def refuse(_number):
    raise LakeError("There is no such thing.")


def fail(folder, _number):
    (folder / str(time.monotonic_ns())).touch()
    raise ZeroDivisionError


def slow(folder, number):
    (folder / str(number)).touch()
    time.sleep(30)
