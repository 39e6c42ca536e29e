"""Whole processes measured: seconds, and the most memory that one of them held at a time.

A process is started by a small one in between, this file. Linux counts what the starter holds into
the peak of what it starts: a starter of 600 MB makes `python -c pass` one of 611 MB.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Thread

# A disk that fills at 1 GB a second still has room for the next look.
WATCH_SECONDS = 2.0


class FailedProcessError(Exception):
    """A measured process ended otherwise than with 0; the message says how."""


@dataclass(frozen=True)
class Cost:
    """What a whole process took."""

    seconds: float
    gigabytes: float


def look_away() -> None:
    """Watch nothing."""


def measure(
    command: Sequence[str],
    environment: Mapping[str, str],
    watch: Callable[[], None] = look_away,
    inherited: Sequence[int] = (),
) -> Cost:
    """Return what a command took, from start to end.

    Args:
        command: The program and its arguments; what it prints is dropped, its errors are shown.
        environment: Its variables.
        watch: Called every two seconds meanwhile; what it raises ends the command.
        inherited: Descriptors that stay open until the command has ended, whoever is killed.

    Raises:
        FailedProcessError: The command failed, or a signal killed it.
    """
    # -S -E: no site packages, no variables of Python's: the process in between stays small.
    starter = [sys.executable, "-S", "-E", __file__, *command]
    with subprocess.Popen(
        starter,
        env=environment,
        stdout=subprocess.PIPE,
        pass_fds=tuple(inherited),
        start_new_session=True,
    ) as process:
        try:
            said = _communicate(process, watch)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    told = json.loads(said)
    if told["status"]:
        raise FailedProcessError(_end_of(told["status"]))
    return Cost(told["seconds"], told["kilobytes"] / 2**20)


def _communicate(process: subprocess.Popen[bytes], watch: Callable[[], None]) -> bytes:
    """Wait for what the process in between says, and look after something meanwhile."""
    done, found = Event(), list[BaseException]()

    def look() -> None:
        while not done.wait(WATCH_SECONDS):
            try:
                watch()
            except Exception as error:  # noqa: BLE001  raised below, in the thread that waits
                found.append(error)
                os.killpg(process.pid, signal.SIGKILL)
                return

    watching = Thread(target=look, daemon=True)
    watching.start()
    try:
        said, _ = process.communicate()
    finally:
        done.set()
        watching.join()
    if found:
        raise found[0]
    return said


def _end_of(status: int) -> str:
    return f"ended with {status}" if status > 0 else f"was killed by signal {-status}"


def _start(command: Sequence[str]) -> None:
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    told = {
        "status": process.returncode,
        "seconds": seconds,
        "kilobytes": usage.ru_maxrss,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    _start(sys.argv[1:])
