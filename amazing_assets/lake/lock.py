"""Locks that end with the process that holds them, however it ends: who holds one is alive."""

from __future__ import annotations

import fcntl
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def hold(file: Path) -> IO[bytes]:
    """Make a file and lock it until the result is closed, or the process is gone."""
    lock = file.open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def hold_at_once(file: Path) -> IO[bytes] | None:
    """Make a file and lock it until the result is closed; None if somebody else holds it."""
    lock = file.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def is_held(file: Path) -> bool:
    """Whether a living process holds the lock on a file; False if there is no such file."""
    try:
        with file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
