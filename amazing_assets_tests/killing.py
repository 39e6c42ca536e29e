"""Processes that are killed while they work."""

import os
import signal
import subprocess

from amazing_assets_tests.commands import command, environment


def dies_after(reports):
    """A progress that kills its own process when it is told more often than that."""
    told = 0

    def progress(*_):
        nonlocal told
        told += 1
        if told > reports:
            os.kill(os.getpid(), signal.SIGKILL)

    return progress


def is_killed_after(seconds, arguments, home, **variables):
    """Run a command and kill it; whether there was anything left to kill."""
    process = subprocess.Popen(
        command(*arguments),
        env=environment(home, **variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False
