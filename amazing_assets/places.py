"""Which paths the libraries that write there can take: not every one that a file system can."""

from __future__ import annotations

import os

# Polars reads them as patterns, the addresses of SQLite databases as their own.
_SPECIAL = frozenset("?*[]%#")

# SQLite opens no path of more than 512 bytes, and Dagster's databases lie deep in a home.
_LONGEST = 380


def objection(path: str) -> str | None:
    """Return why a folder, or a file, can lie at no such path; None: it can."""
    if any(0xDC80 <= ord(character) < 0xDD00 for character in path):  # noqa: PLR2004  undecodable bytes
        return "its bytes are no UTF-8"
    if not path.isprintable():
        return "it holds a control character"
    if found := sorted(_SPECIAL.intersection(path)):
        return f"it holds {found[0]}, which databases and readers of files take for their own"
    if path.startswith("~"):
        return "~ is written out by shells alone"
    if len(os.fsencode(path)) > _LONGEST:
        return f"it is longer than {_LONGEST} bytes"
    return None
