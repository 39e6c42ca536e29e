"""Processes that are killed while they work, and whether a table is as before or as after."""

import os
import signal
import subprocess

from polars.testing import assert_frame_equal

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


def is_equal(left, right):
    try:
        assert_frame_equal(left, right, abs_tol=1e-12, rel_tol=1e-12)
    except AssertionError:
        return False
    return True
