"""Files that are there as a whole or not at all, whoever is killed meanwhile."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Its owner alone may read and write it.
PRIVATE = 0o600


def write_whole(file: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Write a file, or in place of another, in one step that outlasts a loss of power.

    Args:
        file: In a folder that is made if need be.
        data: All of it.
        mode: Its rights.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(file)
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as new:
        new.write(data)
        new.flush()
        os.fsync(new.fileno())
    beside.replace(file)


def write_once(file: Path, data: bytes) -> None:
    """Make a file in one step: neither a killed process nor a second one leaves half of it.

    A file that is there already stays as it is.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(file)
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(data)
        with suppress(FileExistsError):
            os.link(beside, file)
    finally:
        beside.unlink()


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}.{secrets.token_hex(4)}")
